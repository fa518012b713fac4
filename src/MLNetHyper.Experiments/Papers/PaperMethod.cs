using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Experiments;

/// <summary>A row of the paper's experiment, or one of ours under the same protocol.</summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Method">How hypergradients are estimated.</param>
/// <param name="Tuned">What is tuned.</param>
/// <param name="PerWeightLearningRate">One learning rate per weight.</param>
/// <param name="Guarded">With this engine's guard, bounds and meta-optimizer, which the paper does not have.</param>
/// <param name="Scheduled">With the learning rate on a schedule, and validation, hypergradients and the error at averaged weights, none of which the paper has.</param>
public sealed record PaperMethod(string Key, string Title, HypergradientMethod Method, IReadOnlyList<string> Tuned, bool PerWeightLearningRate = false, bool Guarded = false, bool Scheduled = false)
{
    internal const string RandomKey = "random";
    internal const string Random3Key = "random-3";

    /// <summary>All rows, the paper's first.</summary>
    public static IReadOnlyList<PaperMethod> All { get; } =
    [
        new(RandomKey, "Random", new Fixed(), []),
        new("lorraine", "Lorraine", new Neumann(), [WeightDecay]),
        new("baydin", "Baydin", new HypergradientDescent(HypergradientDescentForm.LogAdditive, 1e-3), [LearningRate]),
        new("wd-lr", "Clarke WD+LR", new Neumann(), [WeightDecay, LearningRate]),
        new("wd-lr-m", "Clarke WD+LR+M", new Neumann(), [WeightDecay, LearningRate, Momentum]),
        new("wd-hdlr-m", "Clarke WD+HDLR+M", new Neumann(), [WeightDecay, LearningRate, Momentum], PerWeightLearningRate: true),
        new("diff-through-opt", "Diff-through-opt", new Unrolled(), [WeightDecay, LearningRate, Momentum]),
        new("augmented", "augmented-neumann, guarded", new AugmentedNeumann(), [WeightDecay, LearningRate, Momentum], Guarded: true),
        new("forward", "forward, guarded", new ForwardMode(), [WeightDecay, LearningRate, Momentum], Guarded: true),
        new("random-scheduled", "Random, averaged and scheduled", new Fixed(), [], Scheduled: true),
        new("wd-lr-m-scheduled", "Clarke WD+LR+M, averaged and scheduled", new Neumann(), [WeightDecay, LearningRate, Momentum], Scheduled: true),
        new("augmented-scheduled", "augmented-neumann, guarded, averaged and scheduled", new AugmentedNeumann(), [WeightDecay, LearningRate, Momentum], Guarded: true, Scheduled: true),
    ];

    /// <summary>As the reference does, the rows without validation train on its examples too.</summary>
    internal bool TrainsOnValidation => !Method.UsesValidation;

    internal IReadOnlyList<Hyperparameter> Hyperparameters(UpdateRule rule, PaperInitialization initial) =>
        [.. rule.Hyperparameters.Select(h => (h with
        {
            Tuned = Tuned.Contains(h.Name),
            Granularity = PerWeightLearningRate && h.Name == LearningRate ? Granularity.PerWeight : Granularity.Scalar,
            // The reference clamps the raw learning rate only.
            Lower = Guarded || h.Name == LearningRate ? h.Lower : double.MinValue,
            Upper = Guarded || h.Name == LearningRate ? h.Upper : double.MaxValue,
        }).StartingAt(initial[h.Name]))];

    /// <summary>How the training loop runs under the paper's protocol.</summary>
    /// <param name="steps">Weight steps.</param>
    /// <param name="seed">What weights and hyperparameters are drawn from.</param>
    internal LoopOptions Options(long steps, int seed)
    {
        SgdUpdate rule = new();
        return new()
        {
            Rule = rule,
            Hyperparameters = Hyperparameters(rule, PaperInitialization.Draw(seed)),
            Method = Method,
            MetaOptimizer = new AdamMetaOptimizer(0.05, 0.9, Guarded ? 0.9 : 0.999),
            TuningInterval = PaperExperiment.Interval,
            Steps = steps,
            Guard = Guarded,
            LearningRateSchedule = Scheduled ? LearningRateSchedule.FlatCosine : LearningRateSchedule.Constant,
            AveragingDecay = Scheduled ? OnePassOptions.Defaults.AveragingDecay : 0,
            Seed = seed,
        };
    }
}

/// <summary>One draw from the paper's initial distributions: λα ~ U(-6, -1), λξ ~ U(-7, -2), μ ~ U(0, 1).</summary>
internal readonly record struct PaperInitialization(double LearningRate, double WeightDecay, double Momentum)
{
    internal double this[string name] => name switch
    {
        Hyperparameter.LearningRate => LearningRate,
        Hyperparameter.WeightDecay => WeightDecay,
        _ => Momentum,
    };

    internal static PaperInitialization Draw(int seed)
    {
        SplitMix64 random = new(seed, 5);
        return new(Math.Pow(10, -6 + (5 * random.NextDouble())), Math.Pow(10, -7 + (5 * random.NextDouble())), random.NextDouble());
    }
}
