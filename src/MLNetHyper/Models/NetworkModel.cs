using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>What is inside a model, whatever its task: a network and how it came by its weights.</summary>
internal sealed record NetworkModel(TrainedNetwork Network, TrainingRecord Training) : IModelContent
{
    public int FeatureCount => Network.FeatureCount;

    public int OutputCount => Network.OutputCount;

    public RowScorer CreateScorer() => new(Network.CreateScorer());

    public void Write(BinaryWriter writer) => ModelFormat.Write(writer, this);

    public void WriteOnnx(OnnxGraph graph) => NetworkOnnx.Write(Network, graph);
}
