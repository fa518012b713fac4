using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A network trained for regression: its weights and how it came by them.</summary>
public sealed class NetworkRegressionModelParameters : BridgedRegressionModel, INetworkModelParameters
{
    internal NetworkRegressionModelParameters(IHostEnvironment environment, ModelContent model)
        : base(environment, nameof(NetworkRegressionModelParameters), model) => Network = model.Network;

    /// <inheritdoc/>
    public NetworkModel Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training => Network.Training;

    /// <inheritdoc cref="NetworkModel.IntervalHalfWidth"/>
    public double? IntervalHalfWidth(double coverage) => Network.IntervalHalfWidth(coverage);
}

/// <summary>A network trained for binary classification: its weights and how it came by them.</summary>
public sealed class NetworkBinaryModelParameters : BridgedBinaryModel, INetworkModelParameters
{
    internal NetworkBinaryModelParameters(IHostEnvironment environment, ModelContent model)
        : base(environment, nameof(NetworkBinaryModelParameters), model) => Network = model.Network;

    /// <inheritdoc/>
    public NetworkModel Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training => Network.Training;
}

/// <summary>A network trained for multiclass classification: its weights and how it came by them.</summary>
public sealed class NetworkMulticlassModelParameters : BridgedMulticlassModel, INetworkModelParameters
{
    internal NetworkMulticlassModelParameters(IHostEnvironment environment, ModelContent model)
        : base(environment, nameof(NetworkMulticlassModelParameters), model) => Network = model.Network;

    /// <inheritdoc/>
    public NetworkModel Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training => Network.Training;
}
