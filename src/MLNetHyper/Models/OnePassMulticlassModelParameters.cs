using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>A network trained for multiclass classification: its weights and how it came by them.</summary>
public sealed class OnePassMulticlassModelParameters : BridgedMulticlassModel
{
    internal OnePassMulticlassModelParameters(IHostEnvironment environment, TrainedNetwork network, TrainingRecord training)
        : base(environment, nameof(OnePassMulticlassModelParameters))
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
    public override int ClassCount => Network.OutputCount;

    /// <inheritdoc/>
    protected override RowScorer CreateScorer() => new(Network.CreateScorer());

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer) => ModelFormat.Write(writer, Network, Training);

    /// <inheritdoc/>
    protected override void WriteOnnx(OnnxGraph graph) => NetworkOnnx.Write(Network, graph);
}
