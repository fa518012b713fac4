using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What is known of a trained network, whatever its task.</summary>
public interface INetworkModelParameters
{
    /// <summary>Shape, weights, transforms of the features.</summary>
    NetworkModel Network { get; }

    /// <summary>Status, learned hyperparameters with their trajectory, errors.</summary>
    TrainingRecord Training { get; }
}
