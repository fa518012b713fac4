namespace MLNetHyper.Engine;

/// <summary>What a run looks like at a glance: how it ended, its losses, and the hyperparameters that moved.</summary>
internal static class TrajectoryReport
{
    internal static Report Create(TrainingStatus status, long steps, long bestStep, TimeSpan elapsed, Trajectory trajectory) => Create(
        $"{status} after {CompactNumber.Format(steps)} steps", trajectory, bestStep, $"{CompactNumber.Format(elapsed.TotalSeconds, 3)} s, best weights at step {CompactNumber.Format(bestStep)}");

    internal static Report Create(string title, Trajectory trajectory, long bestStep, string? subtitle = null)
    {
        var report = new Report(title) { Subtitle = subtitle };
        report.Add(TrajectoryCharts.Losses(trajectory, bestStep, "Means over each window of steps for training, standardized where the labels are"));
        LineChart[] moved = [.. TrajectoryCharts.Hyperparameters(trajectory, bestStep)];
        return moved.Length == 0 ? report.Paragraph("No hyperparameter moved.") : report.Add(moved);
    }
}
