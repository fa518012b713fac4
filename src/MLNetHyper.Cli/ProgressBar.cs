using System.Diagnostics;
using Spectre.Console;

namespace MLNetHyper.Cli;

/// <summary>A bar with live losses and hyperparameters, for a terminal.</summary>
internal sealed class ProgressBar : IProgress<TrainingProgress>
{
    private static readonly TimeSpan _refresh = TimeSpan.FromMilliseconds(50);

    private readonly ProgressTask _task;
    private readonly long? _steps;
    private readonly TimeSpan? _time;
    private readonly HashSet<string> _tuned;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _shown;

    private ProgressBar(ProgressTask task, TrainRun run) => (_task, _steps, _time, _tuned) = (task, run.Steps, run.Options.TimeBudget, [.. run.Options.Hyperparameters().Where(h => h.Tuned).Select(h => h.Name)]);

    internal static OnePassResult Show(TrainRun run, Func<IProgress<TrainingProgress>, OnePassResult> train) =>
        Bar.Show(task => train(new ProgressBar(task, run)));

    public void Report(TrainingProgress value)
    {
        // Training a small model takes microseconds a step; showing it must not take longer.
        if (Stopwatch.GetElapsedTime(_shown) < _refresh && value.Step != _steps)
            return;
        _shown = Stopwatch.GetTimestamp();
        Bar.Describe(_task, ProgressLines.Share(_steps, _time, _start, value),
            [$"loss {ProgressLines.Text(value.TrainingLoss)} valid. {ProgressLines.Text(value.ValidationLoss)}", .. value.Hyperparameters.Where(h => _tuned.Contains(h.Name)).Select(h => $"{h.Name} {ProgressLines.Text(h.Value)}")]);
    }
}
