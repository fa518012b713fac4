using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What tells the trainers of one task from those of another.</summary>
/// <param name="Bridged">The task as ML.NET knows it.</param>
/// <param name="Loss">What its networks minimize.</param>
/// <param name="Wrap">From what was trained to what ML.NET users get.</param>
internal sealed record NetworkTask<TTransformer, TModel>(BridgedTask<TTransformer, TModel> Bridged, Loss Loss, Func<IHostEnvironment, NetworkModel, TModel> Wrap)
{
    internal int CountOutputs(int classes) => Loss == Loss.SoftmaxCrossEntropy ? classes : 1;
}

/// <summary>The three tasks.</summary>
internal static class NetworkTask
{
    internal static NetworkTask<RegressionPredictionTransformer<NetworkRegressionModelParameters>, NetworkRegressionModelParameters> Regression { get; } =
        new(new BridgedRegression<NetworkRegressionModelParameters>(), Loss.SquaredError, (environment, model) => new(environment, new(model)));

    internal static NetworkTask<BinaryPredictionTransformer<NetworkBinaryModelParameters>, NetworkBinaryModelParameters> Binary { get; } =
        new(new BridgedBinary<NetworkBinaryModelParameters>(), Loss.Logistic, (environment, model) => new(environment, new(model)));

    internal static NetworkTask<MulticlassPredictionTransformer<NetworkMulticlassModelParameters>, NetworkMulticlassModelParameters> Multiclass { get; } =
        new(new BridgedMulticlass<NetworkMulticlassModelParameters>(), Loss.SoftmaxCrossEntropy, (environment, model) => new(environment, new(model)));
}
