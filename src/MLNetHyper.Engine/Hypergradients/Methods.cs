namespace MLNetHyper.Engine;

/// <summary>The hypergradient methods by name, as the command line and configuration files know them.</summary>
internal static class HypergradientMethods
{
    // One line per method: that is all that a new one needs to be on every command line.
    private static readonly Registry<Registration> _methods = new("method",
        (new("fixed", "no tuning: plain training with the initial values"), new(_ => new Fixed())),
        (new("neumann", "implicit differentiation of the last weight step by a Neumann series (Clarke et al. 2022)"), new(s => new Neumann(s.LookBack ?? 5)) { HasLookBack = true }),
        (new("augmented-neumann", "the same for weights and momentum together"), new(s => new AugmentedNeumann(s.LookBack ?? 5)) { HasLookBack = true }),
        (new("extrapolated", "the last step alone, for weight decay and the loss's hyperparameters with the validation gradient extrapolated to where training goes"), new(_ => new Extrapolated())),
        (new("unrolled", "exact reverse mode through the last steps"), new(s => new Unrolled(s.LookBack ?? 5)) { HasLookBack = true }),
        (new("hypergradient-descent", "learning rate only, by its own training-loss derivative (Baydin et al. 2018), multiplicative"), new(_ => new HypergradientDescent())),
        (new("hypergradient-descent-additive", "the same, additive"), new(_ => new HypergradientDescent(HypergradientDescentForm.Additive, 1e-3))),
        (new("hypergradient-descent-log", "the same, additive in log10 of the learning rate"), new(_ => new HypergradientDescent(HypergradientDescentForm.LogAdditive))),
        (new("forward", "forward-mode tangents carried through all steps with a decay"), new(s => s.Decay is { } share ? new ForwardMode(share) : new ForwardMode()) { HasDecay = true }),
        (new("fds", "forward differentiation with sharing: a schedule of windows, learned in several whole runs of SGD (Micaelli and Storkey 2021)"), new(s => new ForwardSharing(s.WindowsOf(Hyperparameter.LearningRate, 5), s.WindowsOf(Hyperparameter.Momentum, 1), s.WindowsOf(Hyperparameter.WeightDecay, 1), s.Passes ?? 10)) { HasPasses = true }),
        (new("implicit", "weight decay and other hyperparameters of the loss, by implicit differentiation of the optimum (Lorraine et al. 2020)"), new(s => new ImplicitDifferentiation(new NeumannInverse(s.LookBack ?? 5))) { HasLookBack = true }),
        (new("implicit-cg", "the same with conjugate gradients"), new(s => new ImplicitDifferentiation(new ConjugateGradientInverse(s.LookBack ?? 5))) { HasLookBack = true }),
        (new("implicit-nystrom", "the same with a low-rank Hessian of a few columns (Hataya and Yamada 2023)"), new(s => new ImplicitDifferentiation(new NystromInverse(s.LookBack ?? 10))) { HasLookBack = true }));

    /// <summary>All methods, each with a line about it.</summary>
    public static IReadOnlyList<NamedChoice> All => _methods.Choices;

    /// <summary>Makes a method.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <param name="lookBack">How many steps or products it looks back, for those methods that do; null for the method's default.</param>
    /// <param name="decay">What tangents keep at each step, for <c>forward</c>; null for its default.</param>
    /// <param name="windows">Into how many windows a run is divided, by hyperparameter, for <c>fds</c>; null, and names left out, for its defaults.</param>
    /// <param name="passes">How many runs learn a schedule, for <c>fds</c>; null for its default.</param>
    /// <exception cref="ArgumentException">There is no such method, it has no such setting, or the setting is out of range.</exception>
    public static HypergradientMethod Create(string name, int? lookBack = null, double? decay = null, IReadOnlyDictionary<string, double>? windows = null, int? passes = null)
    {
        Registration registration = _methods.Find(name);
        if (lookBack is not null && !registration.HasLookBack)
            throw new ArgumentException($"The method '{name}' has no look-back distance; {With(r => r.HasLookBack)} have. Leave it out or choose one of these.");
        if (decay is not null && !registration.HasDecay)
            throw new ArgumentException($"The method '{name}' has no decay; {With(r => r.HasDecay)} has. Leave it out or choose that.");
        if ((windows is not null || passes is not null) && !registration.HasPasses)
            throw new ArgumentException($"The method '{name}' has no {(passes is null ? "windows" : "passes")}; {With(r => r.HasPasses)} has. Leave this out or choose that.");
        return registration.Create(new(lookBack, decay, windows, passes));
    }

    private static string With(Func<Registration, bool> has) => string.Join(", ", All.Where(choice => has(_methods.Find(choice.Name))).Select(choice => $"'{choice.Name}'"));

    private sealed record Settings(int? LookBack, double? Decay, IReadOnlyDictionary<string, double>? Windows, int? Passes)
    {
        internal int WindowsOf(string hyperparameter, int others) => Windows is not null && Windows.TryGetValue(hyperparameter, out double windows) ? (int)windows : others;
    }

    private sealed record Registration(Func<Settings, HypergradientMethod> Create)
    {
        public bool HasLookBack { get; init; }

        public bool HasDecay { get; init; }

        public bool HasPasses { get; init; }
    }
}
