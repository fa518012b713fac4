using Microsoft.ML.SearchSpace;
using Microsoft.ML.SearchSpace.Option;
using MLNetHyper.Engine;
using SearchSpace = Microsoft.ML.SearchSpace.SearchSpace;

namespace MLNetHyper.AutoML;

/// <summary>The engine's search space in AutoML's terms: logarithmic scales for learning rate and weight decay, a logit scale for momentum.</summary>
internal static class FixedSgdSpace
{
    private const string LearningRate = "LearningRate";
    private const string WeightDecay = "WeightDecay";

    // AutoML knows linear and logarithmic scales only.
    private const string MomentumLogit = "MomentumLogit";

    internal static void AddTo(SearchSpace target, Search.SearchSpace space)
    {
        Dictionary<string, double> own = OnePassOptions.Defaults.Rule.Hyperparameters.ToDictionary(h => h.Name, h => h.Initial);
        target.Add(LearningRate, Logarithmic(space.LogLearningRate, own[Hyperparameter.LearningRate]));
        target.Add(WeightDecay, Logarithmic(space.LogWeightDecay, own[Hyperparameter.WeightDecay]));
        double usual = Transform.Logit.ToRaw(own[Hyperparameter.Beta1]);
        target.Add(MomentumLogit, new UniformDoubleOption(space.LogitMomentum.Lower, space.LogitMomentum.Upper, defaultValue: Within(space.LogitMomentum, usual)));
    }

    internal static SearchPoint Read(Parameter parameter) => new(
        parameter[LearningRate].AsType<double>(), parameter[WeightDecay].AsType<double>(), Transform.Logit.ToReal(parameter[MomentumLogit].AsType<double>()));

    internal static void Set(NetworkTrainerOptions options, Parameter parameter)
    {
        var fixedSgd = (FixedSgdOptions)options;
        SearchPoint point = Read(parameter);
        (fixedSgd.LearningRate, fixedSgd.WeightDecay, fixedSgd.Momentum) = (point.LearningRate, point.WeightDecay, point.Momentum);
    }

    private static UniformDoubleOption Logarithmic((double Lower, double Upper) exponents, double usual)
    {
        (double lower, double upper) = (Math.Pow(10, exponents.Lower), Math.Pow(10, exponents.Upper));
        return new(lower, upper, logBase: true, defaultValue: Within((lower, upper), usual));
    }

    private static double Within((double Lower, double Upper) range, double value) => Math.Clamp(value, range.Lower, range.Upper);
}
