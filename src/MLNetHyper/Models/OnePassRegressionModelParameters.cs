using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>A network trained for regression: its weights and how it came by them.</summary>
public sealed class OnePassRegressionModelParameters : BridgedRegressionModel
{
    internal OnePassRegressionModelParameters(IHostEnvironment environment, TrainedNetwork network, TrainingRecord training)
        : base(environment, nameof(OnePassRegressionModelParameters))
    {
        Network = network;
        Training = training;
    }

    /// <summary>Shape, weights and standardization.</summary>
    public TrainedNetwork Network { get; }

    /// <summary>Status, learned hyperparameters with their trajectory, errors.</summary>
    public TrainingRecord Training { get; }

    /// <inheritdoc/>
    public override int FeatureCount => Network.FeatureCount;

    /// <inheritdoc/>
    protected override RowScorer CreateScorer() => new(Network.CreateScorer());

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer) => ModelFormat.Write(writer, Network, Training);

    /// <inheritdoc/>
    protected override void WriteOnnx(OnnxGraph graph) => NetworkOnnx.Write(Network, graph);
}
