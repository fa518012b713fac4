namespace MLNetHyper.Search;

/// <summary>One setting of the hyperparameters of SGD or Adam, as restart-based search tries it.</summary>
/// <param name="LearningRate">α.</param>
/// <param name="WeightDecay">ξ.</param>
/// <param name="Momentum">μ of SGD; Adam's β₁ is not searched for, and only reported here; 0 for rules without either.</param>
public readonly record struct SearchPoint(double LearningRate, double WeightDecay, double Momentum)
{
    /// <summary>The value of a rule's hyperparameter; null for those that are not searched for, which stay at the rule's own.</summary>
    internal double? this[string name] => name switch
    {
        Hyperparameter.LearningRate => LearningRate,
        Hyperparameter.WeightDecay => WeightDecay,
        Hyperparameter.Momentum => Momentum,
        _ => null,
    };

    /// <summary>The values by name, of those that a rule has.</summary>
    internal Dictionary<string, double> For(IEnumerable<Hyperparameter> hyperparameters)
    {
        SearchPoint point = this;
        return hyperparameters.Where(h => point[h.Name] is not null).ToDictionary(h => h.Name, h => point[h.Name]!.Value);
    }

    /// <summary>What a run had in the window that ended with the weights it kept, without the schedule's factor there: what a search's setting is too.</summary>
    internal static SearchPoint AtBestStep(OnePassResult result, LearningRateSchedule schedule)
    {
        SearchPoint best = Of(result.Training.BestHyperparameters);
        if (result.BestStep == 0 || result.Trajectory.Count == 0)
            return best;
        long start = result.Trajectory.Steps.LastOrDefault(step => step < result.BestStep);
        return best with { LearningRate = best.LearningRate / schedule.FactorAt((double)start / result.Steps) };
    }

    /// <summary>The setting among a run's values by name.</summary>
    internal static SearchPoint Of(IReadOnlyDictionary<string, double> values) =>
        new(values[Hyperparameter.LearningRate], values[Hyperparameter.WeightDecay], values.TryGetValue(Hyperparameter.Momentum, out double momentum) ? momentum : values.GetValueOrDefault(Hyperparameter.Beta1));
}

/// <summary>Where restart-based search looks: log scales for learning rate and weight decay, a logit scale for momentum.</summary>
public sealed record SearchSpace
{
    /// <summary>log₁₀ of the learning rate. Default -4 to 0.</summary>
    public (double Lower, double Upper) LogLearningRate { get; init; } = (-4, 0);

    /// <summary>log₁₀ of the weight decay. Default -7 to -2.</summary>
    public (double Lower, double Upper) LogWeightDecay { get; init; } = (-7, -2);

    /// <summary>Logit of the momentum. Default 0 to 4.6, which is 0.5 to 0.99.</summary>
    public (double Lower, double Upper) LogitMomentum { get; init; } = (0, 4.6);

    /// <summary>The setting at a point of the unit cube; coordinates outside [0, 1] are clamped.</summary>
    public SearchPoint At(double u, double v, double w) => new(
        Transform.Log10.ToReal(Between(LogLearningRate, u)),
        Transform.Log10.ToReal(Between(LogWeightDecay, v)),
        Transform.Logit.ToReal(Between(LogitMomentum, w)));

    /// <summary>The point of the unit cube at which a setting within the bounds lies; 0 where the bounds are one.</summary>
    internal (double U, double V, double W) CoordinatesOf(SearchPoint point) => (
        Share(LogLearningRate, Transform.Log10.ToRaw(point.LearningRate)),
        Share(LogWeightDecay, Transform.Log10.ToRaw(point.WeightDecay)),
        Share(LogitMomentum, Transform.Logit.ToRaw(point.Momentum)));

    /// <summary>The nearest setting within the bounds.</summary>
    internal SearchPoint Clamp(SearchPoint point) => new(
        Clamp(Transform.Log10, LogLearningRate, point.LearningRate),
        Clamp(Transform.Log10, LogWeightDecay, point.WeightDecay),
        Clamp(Transform.Logit, LogitMomentum, point.Momentum));

    internal SearchPoint Draw(ref SplitMix64 random) => At(random.NextDouble(), random.NextDouble(), random.NextDouble());

    private static double Clamp(Transform transform, (double Lower, double Upper) range, double value) =>
        Math.Clamp(value, transform.ToReal(range.Lower), transform.ToReal(range.Upper));

    private static double Share((double Lower, double Upper) range, double raw) =>
        range.Upper > range.Lower ? Math.Clamp((raw - range.Lower) / (range.Upper - range.Lower), 0, 1) : 0;

    private static double Between((double Lower, double Upper) range, double share) =>
        range.Lower + ((range.Upper - range.Lower) * Math.Clamp(share, 0, 1));
}
