namespace MLNetHyper.Engine;

/// <summary>The hypergradient methods by name, as the command line and configuration files know them.</summary>
internal static class HypergradientMethods
{
    // One line per method: that is all that a new one needs to be on every command line.
    private static readonly Registry<Registration> _methods = new("method",
        (new("fixed", "no tuning: plain training with the initial values"), new((_, _) => new Fixed())),
        (new("neumann", "implicit differentiation of the last weight step by a Neumann series (Clarke et al. 2022)"), new((lookBack, _) => new Neumann(lookBack ?? 5)) { HasLookBack = true }),
        (new("augmented-neumann", "the same for weights and momentum together"), new((lookBack, _) => new AugmentedNeumann(lookBack ?? 5)) { HasLookBack = true }),
        (new("unrolled", "exact reverse mode through the last steps"), new((lookBack, _) => new Unrolled(lookBack ?? 5)) { HasLookBack = true }),
        (new("hypergradient-descent", "learning rate only, by its own training-loss derivative (Baydin et al. 2018), multiplicative"), new((_, _) => new HypergradientDescent())),
        (new("hypergradient-descent-additive", "the same, additive"), new((_, _) => new HypergradientDescent(HypergradientDescentForm.Additive, 1e-3))),
        (new("hypergradient-descent-log", "the same, additive in log10 of the learning rate"), new((_, _) => new HypergradientDescent(HypergradientDescentForm.LogAdditive))),
        (new("forward", "forward-mode tangents carried through all steps with a decay"), new((_, decay) => decay is { } share ? new ForwardMode(share) : new ForwardMode()) { HasDecay = true }),
        (new("implicit", "weight decay and other hyperparameters of the loss, by implicit differentiation of the optimum (Lorraine et al. 2020)"), new((lookBack, _) => new ImplicitDifferentiation(new NeumannInverse(lookBack ?? 5))) { HasLookBack = true }),
        (new("implicit-cg", "the same with conjugate gradients"), new((lookBack, _) => new ImplicitDifferentiation(new ConjugateGradientInverse(lookBack ?? 5))) { HasLookBack = true }),
        (new("implicit-nystrom", "the same with a low-rank Hessian of a few columns (Hataya and Yamada 2023)"), new((lookBack, _) => new ImplicitDifferentiation(new NystromInverse(lookBack ?? 10))) { HasLookBack = true }));

    /// <summary>All methods, each with a line about it.</summary>
    public static IReadOnlyList<NamedChoice> All => _methods.Choices;

    /// <summary>Makes a method.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <param name="lookBack">How many steps or products it looks back, for those methods that do; null for the method's default.</param>
    /// <param name="decay">What tangents keep at each step, for <c>forward</c>; null for its default.</param>
    /// <exception cref="ArgumentException">There is no such method, it has no such setting, or the setting is out of range.</exception>
    public static HypergradientMethod Create(string name, int? lookBack = null, double? decay = null)
    {
        Registration registration = _methods.Find(name);
        if (lookBack is not null && !registration.HasLookBack)
            throw new ArgumentException($"The method '{name}' has no look-back distance; {With(r => r.HasLookBack)} have. Leave it out or choose one of these.");
        if (decay is not null && !registration.HasDecay)
            throw new ArgumentException($"The method '{name}' has no decay; {With(r => r.HasDecay)} has. Leave it out or choose that.");
        return registration.Create(lookBack, decay);
    }

    private static string With(Func<Registration, bool> has) => string.Join(", ", All.Where(choice => has(_methods.Find(choice.Name))).Select(choice => $"'{choice.Name}'"));

    private sealed record Registration(Func<int?, double?, HypergradientMethod> Create)
    {
        public bool HasLookBack { get; init; }

        public bool HasDecay { get; init; }
    }
}
