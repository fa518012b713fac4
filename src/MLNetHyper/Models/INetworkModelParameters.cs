namespace MLNetHyper;

/// <summary>What is known of a trained network, whatever its task.</summary>
public interface INetworkModelParameters
{
    /// <summary>Shape, weights and standardization.</summary>
    TrainedNetwork Network { get; }

    /// <summary>Status, learned hyperparameters with their trajectory, errors.</summary>
    TrainingRecord Training { get; }
}
