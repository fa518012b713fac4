using System.Diagnostics;

namespace MLNetHyper.Experiments;

/// <summary>
/// Measures what this engine makes of one core of this machine: gradients against the peak of its arithmetic, and one-pass
/// training against plain training.
/// </summary>
/// <remarks>
/// All runs of a shape are alive at once and take turns of a millisecond or two; the shortest turn of each counts. So whatever
/// else the machine does, and whatever its clock does, hits all of them alike, and mostly not at all. Takes half a minute.
/// </remarks>
public static class SpeedMeasurement
{
    private const double TurnMilliseconds = 1;

    /// <summary>The methods measured, with their default settings; the default method is the last unless it is among the others.</summary>
    private static HypergradientMethod[] Methods =>
        [.. new HypergradientMethod[] { new Fixed(), new Neumann(), new AugmentedNeumann(), new ForwardMode(), OnePassOptions.Defaults.Method }.DistinctBy(m => m.Name)];

    /// <summary>Measures all shapes and methods.</summary>
    /// <param name="perShape">Time for the turns of one shape. Default 5 seconds.</param>
    /// <param name="progress">Told of every entry, on this thread.</param>
    /// <param name="cancellation">Ends the measurement between two shapes.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static SpeedReport Measure(TimeSpan? perShape = null, IProgress<SpeedEntry>? progress = null, CancellationToken cancellation = default)
    {
        TimeSpan time = perShape ?? TimeSpan.FromSeconds(5);
        double peak = PeakFma.MeasureGflops<float>();
        List<SpeedEntry> entries = [];
        foreach (SpeedShape shape in SpeedShape.All)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (SpeedEntry entry in Measure(shape, Methods, peak, time))
            {
                entries.Add(entry);
                progress?.Report(entry);
            }
        }
        return new(peak, entries);
    }

    internal static IReadOnlyList<SpeedEntry> Measure(SpeedShape shape, HypergradientMethod[] methods, double peak, TimeSpan time)
    {
        var objective = new NetworkObjective<float>(shape.Architecture);
        SpeedRun[] runs = [.. methods.Select(m => new SpeedRun(objective, shape, m))];
        var gradient = new GradientRun(objective, shape);
        WarmUp(runs, gradient, time / 5);
        long start = Stopwatch.GetTimestamp();
        do
        {
            // As many chances to pass undisturbed as the windows of a period have.
            for (int i = 0; i < shape.PeriodInWindows; i++)
                gradient.Turn();
            foreach (SpeedRun run in runs)
                run.Turn();
        }
        while (Stopwatch.GetElapsedTime(start) < time);

        double vanilla = runs[0].SecondsPerStep, flops = objective.GradientFlops(shape.BatchSize ?? shape.Rows) * 1e-9;
        double gflops = flops / gradient.Seconds;
        return [.. runs.Select(run => new SpeedEntry(
            shape.Name, run.Method, vanilla * 1e6, (run.SecondsPerStep - vanilla) * OnePassOptions.Defaults.TuningInterval * 1e6,
            gflops, gflops / peak, flops / vanilla, run.SecondsPerStep / vanilla, run.BytesPerStep()))];
    }

    /// <summary>Long enough for the runtime to have compiled everything for good; then turns get their length.</summary>
    private static void WarmUp(SpeedRun[] runs, GradientRun gradient, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            gradient.Turn();
            foreach (SpeedRun run in runs)
                run.Turn();
        }
        gradient.SetTurn(TurnMilliseconds);
        foreach (SpeedRun run in runs)
            run.SetTurn(TurnMilliseconds);
    }
}
