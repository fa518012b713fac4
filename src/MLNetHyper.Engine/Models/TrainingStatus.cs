namespace MLNetHyper.Engine;

/// <summary>How a training run ended. Whatever the status, the weights are finite.</summary>
public enum TrainingStatus
{
    /// <summary>All steps were taken.</summary>
    Completed,

    /// <summary>The validation loss had not improved for the given patience, or by a pass of twice the length.</summary>
    StoppedEarly,

    /// <summary>The time budget was spent.</summary>
    TimeBudgetSpent,

    /// <summary>The caller canceled.</summary>
    Canceled,

    /// <summary>Training kept diverging although the guard rolled it back again and again; the best weights before that are kept.</summary>
    Diverged,
}
