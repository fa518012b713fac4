namespace MLNetHyper.Engine;

/// <summary>The errors in one epoch: root mean squared error in the label's units, or log-loss (natural logarithm).</summary>
/// <param name="Epoch">The epoch, counted from 1. Where a hyperparameter step takes several epochs, one entry stands for them, under the last one's number.</param>
/// <param name="Step">Weight steps taken at its end.</param>
/// <param name="TrainingError">The mean over the epoch's steps.</param>
/// <param name="ValidationError">At the epoch's end, or when it was last measured; NaN before the first time.</param>
public readonly record struct EpochErrors(long Epoch, long Step, double TrainingError, double ValidationError);
