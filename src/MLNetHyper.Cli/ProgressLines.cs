using System.Diagnostics;

namespace MLNetHyper.Cli;

/// <summary>About ten lines of progress, for a pipe or a log file.</summary>
internal sealed class ProgressLines : IProgress<TrainingProgress>
{
    private const int Lines = 10;
    private const int Width = 12;

    private readonly TextWriter _output;
    private readonly long? _steps;
    private readonly TimeSpan? _time;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _written;

    internal ProgressLines(TextWriter output, TrainRun run)
    {
        _output = output;
        (_steps, _time) = (run.Steps, run.Options.TimeBudget);
        WriteCells(["step", "train loss", "valid. loss", .. run.Options.Rule.Hyperparameters.Select(h => h.Name)]);
    }

    public void Report(TrainingProgress value)
    {
        if (Share(_steps, _time, _start, value) * Lines < _written + 1)
            return;
        _written = Math.Max(_written + 1, (int)(Share(_steps, _time, _start, value) * Lines));
        WriteCells([
            CompactNumber.Format(value.Step), Text(value.TrainingLoss), Text(value.ValidationLoss),
            .. value.Hyperparameters.Select(h => Text(h.Value))]);
    }

    /// <summary>How much of the run is done, from 0 to 1, by whichever limit is nearer.</summary>
    internal static double Share(long? steps, TimeSpan? time, long start, TrainingProgress progress) => Math.Min(1, Math.Max(
        steps is { } all ? (double)progress.Step / all : 0,
        time is { } budget ? Stopwatch.GetElapsedTime(start) / budget : 0));

    internal static string Text(double value) => double.IsFinite(value) ? CompactNumber.Format(value, 3) : "-";

    private void WriteCells(IEnumerable<string> cells)
    {
        _output.WriteLine(string.Concat(cells.Select(cell => cell.PadLeft(Width))));
        // Who follows a log wants to see the line when it happens.
        _output.Flush();
    }
}
