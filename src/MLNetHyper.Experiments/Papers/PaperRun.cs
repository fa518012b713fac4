namespace MLNetHyper.Experiments;

/// <summary>One training under the paper's protocol.</summary>
/// <param name="TestError">In the experiment's metric, after the last step; NaN or infinite where the run diverged.</param>
/// <param name="TrainingLoss">The last window's mean loss.</param>
/// <param name="Seconds">Time taken; where many runs were trained at once, its share.</param>
internal readonly record struct PaperRun(double TestError, double TrainingLoss, double Seconds)
{
    /// <summary>What a training came to.</summary>
    internal static PaperRun Of<TVector>(LoopResult<TVector> result, double testError) where TVector : class, IVector<TVector> =>
        // A run that was canceled may have ended before its first window did.
        new(testError, result.Trajectory.Count > 0 ? result.Trajectory.TrainingLosses[^1] : double.NaN, result.Elapsed.TotalSeconds);
}
