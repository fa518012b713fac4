using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>A network trained for regression: its weights and how it came by them.</summary>
public sealed class NetworkRegressionModelParameters : BridgedRegressionModel, INetworkModelParameters
{
    internal NetworkRegressionModelParameters(IHostEnvironment environment, NetworkModel model)
        : base(environment, nameof(NetworkRegressionModelParameters), model) => (Network, Training) = model;

    /// <inheritdoc/>
    public TrainedNetwork Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training { get; }
}

/// <summary>A network trained for binary classification: its weights and how it came by them.</summary>
public sealed class NetworkBinaryModelParameters : BridgedBinaryModel, INetworkModelParameters
{
    internal NetworkBinaryModelParameters(IHostEnvironment environment, NetworkModel model)
        : base(environment, nameof(NetworkBinaryModelParameters), model) => (Network, Training) = model;

    /// <inheritdoc/>
    public TrainedNetwork Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training { get; }
}

/// <summary>A network trained for multiclass classification: its weights and how it came by them.</summary>
public sealed class NetworkMulticlassModelParameters : BridgedMulticlassModel, INetworkModelParameters
{
    internal NetworkMulticlassModelParameters(IHostEnvironment environment, NetworkModel model)
        : base(environment, nameof(NetworkMulticlassModelParameters), model) => (Network, Training) = model;

    /// <inheritdoc/>
    public TrainedNetwork Network { get; }

    /// <inheritdoc/>
    public TrainingRecord Training { get; }
}
