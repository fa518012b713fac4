namespace MLNetHyper.Engine;

/// <summary>What one of the models that trained side by side came to.</summary>
/// <param name="Status">How its training ended; it may have diverged where others went on.</param>
/// <param name="BestStep">After how many steps it had its best weights.</param>
/// <param name="BestValidationLoss">Their validation loss; infinite where none was finite, NaN where there was no validation data.</param>
/// <param name="Rollbacks">How often the guard rolled it back.</param>
/// <param name="Trajectory">Its losses and hyperparameters over time.</param>
internal sealed record ModelResult(TrainingStatus Status, long BestStep, double BestValidationLoss, int Rollbacks, Trajectory Trajectory);
