namespace MLNetHyper.Engine;

/// <summary>
/// How a gradient and the hyperparameters change the weights: the map <c>u</c> of Clarke et al. 2022, with its own partial
/// derivatives. Stateless: state vectors and values come as arguments, so that one object serves every engine and run.
/// </summary>
/// <remarks>
/// <para>A rule is elementwise in weights, state, gradient and hyperparameters; only the gradient couples the weights, through the
/// Hessian H. So a rule says how tangents and adjoints pass through its own arithmetic, and the hypergradient methods supply H.
/// With these four members every method works: Neumann series, unrolling and carried tangents alike.</para>
/// <para>What couples all weights of a model otherwise, such as a step size found by norms, counts as a constant in derivatives: such
/// a rule measures it before the step and leaves it in state vectors of their own, so that the step itself stays elementwise.</para>
/// <para>To add a rule, derive a sealed class and pass an instance of it in the options.</para>
/// </remarks>
public abstract class UpdateRule
{
    /// <summary>The rule's name, as on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The name, and all settings of its own if it has any: a checkpoint of another text is refused.</summary>
    public override string ToString() => Name;

    /// <summary>The rule's hyperparameters with their starting values and bounds, none tuned.</summary>
    public abstract IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>The names of those that are tuned where nobody says which. Default: all.</summary>
    public virtual IReadOnlyList<string> TunedByDefault => [.. Hyperparameters.Select(h => h.Name)];

    /// <summary>Number of weight-sized state vectors: 1 for momentum, 2 for Adam. All start at zero.</summary>
    public abstract int StateCount { get; }

    /// <summary>Number of further state vectors, behind the others, that count as constants in derivatives: what <see cref="Adapt"/> writes, or what stays as it began.</summary>
    internal virtual int ConstantCount => 0;

    /// <summary>How many <see cref="RuleNumbers"/> it keeps of each model.</summary>
    internal virtual int NumberCount => 0;

    /// <summary>Which of all state vectors is judged and kept in place of the weights, which are then but where gradients are taken; null for the weights or their average.</summary>
    internal virtual int? EvaluatedState => null;

    /// <summary>Whether the learning rate is a factor on a step size that the rule finds by itself, and says nothing about the step's length.</summary>
    internal virtual bool FindsStepSize => false;

    /// <summary>Whether weights after a step are those before it and something added; if not, the state alone says where they are.</summary>
    internal virtual bool CarriesWeights => true;

    /// <summary>Whether it wants a constant learning rate where nobody names a schedule.</summary>
    internal virtual bool NeedsNoSchedule => false;

    /// <summary>Whether weight decay acts as a term of the loss, so that methods for the loss's hyperparameters may tune it.</summary>
    public abstract bool HasCoupledWeightDecay { get; }

    /// <summary>Says in a sentence why the rule cannot have these hyperparameters, or returns null where it can.</summary>
    internal virtual string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => null;

    /// <summary>Makes the state of some models, all zeros, what it is before a first step.</summary>
    /// <param name="weights">The weights to start from.</param>
    /// <param name="state">All state vectors.</param>
    /// <param name="numbers">The numbers of each model.</param>
    /// <param name="models">Which models start.</param>
    internal virtual void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models) where TVector : class, IVector<TVector> { }

    /// <summary>Before a step, measures what it is to hold constant, model by model: updates the numbers and the constant state vectors.</summary>
    /// <param name="values">The current hyperparameters.</param>
    /// <param name="weights">The weights before the step.</param>
    /// <param name="state">All state vectors, of which the constant ones are updated.</param>
    /// <param name="gradient">The gradient at these weights.</param>
    /// <param name="numbers">The numbers of each model.</param>
    /// <param name="scratch">A vector to overwrite.</param>
    internal virtual void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
        where TVector : class, IVector<TVector>
    {
    }

    private protected static double RequireAboveZero(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "It must be a finite number above 0.");

    /// <summary>A sentence on a beta that is not one value, which rules after Adam do not have; null where all are.</summary>
    private protected string? BetaPerPart(IReadOnlyList<Hyperparameter> hyperparameters) =>
        hyperparameters.FirstOrDefault(h => h.Name is Hyperparameter.Beta1 or Hyperparameter.Beta2 && h.Granularity != Granularity.Scalar) is { } beta
            ? $"The update rule '{Name}' has one '{beta.Name}' for all weights. Choose the scalar granularity for '{beta.Name}'."
            : null;

    /// <summary>Takes one step: updates the weights and the state in place.</summary>
    /// <param name="values">The current hyperparameters.</param>
    /// <param name="weights">w, updated.</param>
    /// <param name="state">The state vectors, updated.</param>
    /// <param name="gradient">g, the loss's gradient at the old weights; not changed.</param>
    /// <param name="number">The step's number, from 1.</param>
    /// <param name="scratch">A vector to overwrite.</param>
    public abstract void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
        where TVector : class, IVector<TVector>;

    /// <summary>Whether <see cref="Step"/> can be asked for.</summary>
    internal virtual bool CanStepApart => false;

    /// <summary>As <see cref="Apply"/>, but the step is added to another vector and the weights stay, for rules that wrap this one.</summary>
    internal virtual void Step<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch, TVector moved)
        where TVector : class, IVector<TVector> => throw new NotSupportedException($"The update rule '{Name}' cannot be wrapped.");

    /// <summary>
    /// Passes tangents forward through a step: on entry <c>z = dw</c>, <c>c = dstate</c> before the step and <c>hz = H·z</c>;
    /// on return <paramref name="z"/> and <paramref name="c"/> are those after it. <paramref name="hz"/> may be overwritten.
    /// </summary>
    /// <param name="values">The hyperparameters of the step.</param>
    /// <param name="record">The step.</param>
    /// <param name="z">The weights' tangent.</param>
    /// <param name="c">The state vectors' tangents.</param>
    /// <param name="hz">The gradient's tangent.</param>
    /// <param name="seed">The hyperparameter (or its part) that the tangents are with respect to.</param>
    public abstract void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
        where TVector : class, IVector<TVector>;

    /// <summary>
    /// As the other overload for the tangents <c>γz</c> and <c>γc</c>, given z, c and <c>hz = H·z</c>: a rule whose cost matters
    /// spares the passes that scale them.
    /// </summary>
    /// <param name="values">The hyperparameters of the step.</param>
    /// <param name="record">The step.</param>
    /// <param name="z">The weights' tangent before it is scaled.</param>
    /// <param name="c">The state vectors' tangents before they are scaled.</param>
    /// <param name="hz">The gradient's tangent along <paramref name="z"/>.</param>
    /// <param name="seed">The hyperparameter (or its part) that the tangents are with respect to.</param>
    /// <param name="decay">γ.</param>
    public virtual void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed, double decay)
        where TVector : class, IVector<TVector>
    {
        if (decay != 1)
        {
            z.Scale(decay);
            hz.Scale(decay);
            foreach (TVector tangent in c)
                tangent.Scale(decay);
        }
        PushForward(values, record, z, c, hz, seed);
    }

    /// <summary>
    /// Passes adjoints back through a step: on entry <paramref name="a"/> and <paramref name="b"/> are the adjoints of weights and
    /// state after the step, on return those before it, but for the path through the gradient: its adjoint is written to
    /// <paramref name="q"/>, and the caller adds <c>H·q</c> to <paramref name="a"/>. Where <paramref name="b"/> is empty, the state
    /// counts as a constant: its adjoint enters as zero and is not carried on.
    /// </summary>
    public abstract void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
        where TVector : class, IVector<TVector>;

    /// <summary>
    /// Writes the gradient of the training loss, weight decay included, that steps have yet to descend, as a mean of the last ones: zero where the weights rest. False where the rule cannot tell, and nothing is written.
    /// </summary>
    /// <param name="values">The hyperparameters of the step.</param>
    /// <param name="record">The step.</param>
    /// <param name="residual">Overwritten.</param>
    public virtual bool TryResidual<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector residual)
        where TVector : class, IVector<TVector> => false;

    /// <summary>
    /// Adds to every tuned hyperparameter the derivative through this one step alone, given the adjoints of weights and state
    /// after the step. Leaves the adjoints as they are. An empty <paramref name="b"/> stands for zeros.
    /// </summary>
    public abstract void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
        where TVector : class, IVector<TVector>;
}

/// <summary>Which hyperparameter a tangent column is the derivative with respect to.</summary>
/// <param name="Name">The hyperparameter's name.</param>
/// <param name="Mask">One for the weights that share the value and zero elsewhere, or null for all weights.</param>
public readonly record struct TangentSeed<TVector>(string Name, TVector? Mask) where TVector : class, IVector<TVector>
{
    /// <summary><c>y ← y + factor·x</c> on the masked weights if this seed is that of <paramref name="name"/>.</summary>
    public void Add(string name, TVector y, double factor, TVector x)
    {
        if (Name != name)
            return;
        if (Mask is { } mask)
            y.CombineProduct(1, factor, mask, x);
        else
            y.Combine(1, factor, x);
    }
}
