namespace MLNetHyper.Engine;

/// <summary>A continuous hyperparameter of an update rule or of an objective's training loss: its name, where it starts, where it may go.</summary>
/// <param name="Name">Its short name: <c>lr</c>, <c>wd</c>, <c>momentum</c>, <c>beta1</c>, <c>beta2</c>; those of an objective have others.</param>
/// <param name="Transform">From the raw value, which is tuned, to the real one.</param>
/// <param name="Initial">The real value to start from.</param>
/// <param name="Lower">The least raw value; tuning clamps to it.</param>
/// <param name="Upper">The greatest raw value; tuning clamps to it.</param>
public sealed record Hyperparameter(string Name, Transform Transform, double Initial, double Lower, double Upper)
{
    // A bound, made real and raw again, may come back a little beside itself.
    private const double Rounding = 1e-9;

    /// <summary>The name of every rule's learning rate α.</summary>
    public const string LearningRate = "lr";

    /// <summary>The name of every rule's weight decay ξ.</summary>
    public const string WeightDecay = "wd";

    /// <summary>The name of the momentum μ of SGD.</summary>
    public const string Momentum = "momentum";

    /// <summary>The name of Adam's first decay rate β₁.</summary>
    public const string Beta1 = "beta1";

    /// <summary>The name of Adam's second decay rate β₂.</summary>
    public const string Beta2 = "beta2";

    /// <summary>For a rule's: one value for all weights (default), one per weight tensor, or one per weight.</summary>
    public Granularity Granularity { get; init; } = Granularity.Scalar;

    /// <summary>For an objective's: of how many numbers it consists, which all start at <see cref="Initial"/>. At least 1 (default); millions are all right.</summary>
    public int Count { get; init; } = 1;

    /// <summary>For an objective's of several numbers: the real value that each starts from, <see cref="Count"/> of them, in place of <see cref="Initial"/>. Default: null, all from there.</summary>
    public IReadOnlyList<double>? InitialValues { get; init; }

    /// <summary>Whether a hypergradient method moves it. Default false: it stays at <see cref="Initial"/>.</summary>
    public bool Tuned { get; init; }

    /// <summary>The raw bounds that those of the start close in on early in a run. Default: they stay where they are.</summary>
    internal (double Lower, double Upper)? Settled { get; init; }

    /// <summary>The same, started elsewhere: bounds that would exclude the start widen to it, since its first step would be a leap to them.</summary>
    /// <param name="initial">The real value to start from.</param>
    internal Hyperparameter StartingAt(double initial)
    {
        double raw = Transform.ToRaw(initial);
        Hyperparameter started = this with { Initial = initial, InitialValues = null };
        return double.IsFinite(raw) ? started with { Lower = Math.Min(Lower, raw), Upper = Math.Max(Upper, raw) } : started;
    }

    /// <summary>Says what is wrong with the definition, or null.</summary>
    internal string? Fault()
    {
        double raw = Transform.ToRaw(Initial);
        if (!double.IsFinite(Initial) || double.IsNaN(raw))
            return $"The initial value of '{Name}' must be a number in its range, but is {Text.Number(Initial)}. {Range()}";
        if (Count < 1)
            return $"'{Name}' must consist of at least one number, but is of {Count}.";
        if (!(Lower < Upper))
            return $"The bounds of '{Name}' must be increasing, but are {Text.Number(Lower)} and {Text.Number(Upper)} (raw).";
        if (InitialValues is { } values && (Count == 1 || values.Count != Count))
            return $"'{Name}' consists of {Count} numbers, but {values.Count} initial values were given. Give as many, or one for all.";
        if (InitialValues?.All(value => IsWithinBounds(Transform.ToRaw(value))) == false)
            return $"The initial values of '{Name}' must all lie between {Text.Number(Transform.ToReal(Lower))} and {Text.Number(Transform.ToReal(Upper))}. Widen its bounds, or start between them.";
        if (Tuned && !double.IsFinite(raw))
            return $"'{Name}' cannot be tuned from {Text.Number(Initial)}: its raw value is infinite there. {Range()}";
        if (Tuned && !IsWithinBounds(raw))
            return $"'{Name}' is tuned between {Text.Number(Transform.ToReal(Lower))} and {Text.Number(Transform.ToReal(Upper))}, so it cannot start at {Text.Number(Initial)}. Start between its bounds, widen them, or do not tune it.";
        return null;
    }

    private bool IsWithinBounds(double raw) => raw >= Lower - Rounding && raw <= Upper + Rounding;

    private string Range() => Transform == Transform.Identity ? "Give a finite value."
        : Transform.ToReal(double.PositiveInfinity) is var greatest && double.IsFinite(greatest) ? $"Give a value between 0 and {Text.Number(greatest)}."
        : "Give a value above 0.";
}

/// <summary>How finely a hyperparameter is divided among the weights.</summary>
public enum Granularity
{
    /// <summary>One value for all weights.</summary>
    Scalar,

    /// <summary>One value for each weight tensor (each layer's matrix and each layer's biases).</summary>
    PerTensor,

    /// <summary>One value for each weight ("HDLR" in Clarke et al. 2022 where it is the learning rate).</summary>
    PerWeight,
}
