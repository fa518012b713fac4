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
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _shown;

    private ProgressBar(ProgressTask task, TrainRun run) => (_task, _steps, _time) = (task, run.Steps, run.Options.TimeBudget);

    internal static OnePassResult Show(TrainRun run, Func<IProgress<TrainingProgress>, OnePassResult> train) =>
        AnsiConsole.Progress()
            .HideCompleted(false)
            .Columns(new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => train(new ProgressBar(context.AddTask("training", maxValue: 1), run)));

    public void Report(TrainingProgress value)
    {
        // Training a small model takes microseconds a step; showing it must not take longer.
        if (Stopwatch.GetElapsedTime(_shown) < _refresh && value.Step != _steps)
            return;
        _shown = Stopwatch.GetTimestamp();
        _task.Value = ProgressLines.Share(_steps, _time, _start, value);
        _task.Description = Spectre.Console.Markup.Escape($"loss {ProgressLines.Text(value.TrainingLoss)} valid. {ProgressLines.Text(value.ValidationLoss)} "
            + string.Join(' ', value.Hyperparameters.Select(h => $"{h.Name} {ProgressLines.Text(h.Value)}")));
    }
}
