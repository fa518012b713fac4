using System.Numerics.Tensors;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A trained network for regression.</summary>
public sealed class OnePassRegressionModelParameters : BridgedRegressionModel
{
    private readonly Network _network;

    internal OnePassRegressionModelParameters(IHostEnvironment environment, Network network) : base(environment, nameof(OnePassRegressionModelParameters)) => _network = network;

    /// <inheritdoc/>
    public override int FeatureCount => _network.Architecture.Inputs;

    /// <inheritdoc/>
    protected override RowScorer CreateScorer() => new(_network.CreateForward());

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer) => _network.Write(writer);
}

/// <summary>A trained network for two classes.</summary>
public sealed class OnePassBinaryModelParameters : BridgedBinaryModel
{
    private readonly Network _network;

    internal OnePassBinaryModelParameters(IHostEnvironment environment, Network network) : base(environment, nameof(OnePassBinaryModelParameters)) => _network = network;

    /// <inheritdoc/>
    public override int FeatureCount => _network.Architecture.Inputs;

    /// <inheritdoc/>
    protected override RowScorer CreateScorer() => new(_network.CreateForward());

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer) => _network.Write(writer);
}

/// <summary>A trained network for several classes.</summary>
public sealed class OnePassMulticlassModelParameters : BridgedMulticlassModel
{
    private readonly Network _network;

    internal OnePassMulticlassModelParameters(IHostEnvironment environment, Network network) : base(environment, nameof(OnePassMulticlassModelParameters)) => _network = network;

    /// <inheritdoc/>
    public override int FeatureCount => _network.Architecture.Inputs;

    /// <inheritdoc/>
    public override int ClassCount => _network.Architecture.Outputs;

    /// <inheritdoc/>
    protected override RowScorer CreateScorer()
    {
        Action<ReadOnlySpan<float>, Span<float>> forward = _network.CreateForward();
        return (features, outputs) =>
        {
            forward(features, outputs);
            TensorPrimitives.SoftMax(outputs, outputs);
        };
    }

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer) => _network.Write(writer);
}

internal sealed class OnePassModelReader : IModelReader
{
    public object Read(IHostEnvironment environment, BinaryReader reader)
    {
        Network network = Network.Read(reader);
        return network.Architecture.Loss switch
        {
            Loss.SquaredError => new OnePassRegressionModelParameters(environment, network),
            Loss.Logistic => new OnePassBinaryModelParameters(environment, network),
            _ => new OnePassMulticlassModelParameters(environment, network),
        };
    }
}
