namespace MLNetHyper.Engine;

/// <summary>Where a run stands, reported at every hyperparameter step.</summary>
/// <param name="Step">Weight steps taken.</param>
/// <param name="Steps">Weight steps to take, or null where only time limits the run.</param>
/// <param name="TrainingLoss">Mean training loss of the last T steps.</param>
/// <param name="ValidationLoss">Validation loss now, or the last one measured; NaN before the first.</param>
/// <param name="Hyperparameters">Name, real value (the mean where there are several) and the hypergradient's norm of each.</param>
/// <param name="Rollbacks">How often the guard has rolled back.</param>
public sealed record TrainingProgress(
    long Step,
    long? Steps,
    double TrainingLoss,
    double ValidationLoss,
    IReadOnlyList<HyperparameterProgress> Hyperparameters,
    int Rollbacks);

/// <summary>One hyperparameter's state in a <see cref="TrainingProgress"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its real value, or the mean of its real values.</param>
/// <param name="HypergradientNorm">The Euclidean norm of its last hypergradient, by the raw value; by the real value for <see cref="HypergradientDescent"/>.</param>
public readonly record struct HyperparameterProgress(string Name, double Value, double HypergradientNorm);
