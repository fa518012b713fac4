using System.Diagnostics;
using System.Globalization;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Stands between a run and who watches it: passes progress on, writes a log line now and then, and ends the run when the context is canceled.</summary>
internal sealed class RunWatch : IProgress<TrainingProgress>, IDisposable
{
    private static readonly TimeSpan _pollEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _logEvery = TimeSpan.FromSeconds(2);

    private readonly TrainingLog _log;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;
    private long _logged = Stopwatch.GetTimestamp();

    internal RunWatch(TrainingLog log, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _log = log;
        _progress = progress;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A context can only be asked; a timer asks, since a single weight step may be long.
        _timer = new Timer(_ => Poll(), null, _pollEvery, _pollEvery);
    }

    internal CancellationToken Cancellation => _source.Token;

    public void Report(TrainingProgress value)
    {
        _progress?.Report(value);
        if (Stopwatch.GetElapsedTime(_logged) < _logEvery)
            return;
        _logged = Stopwatch.GetTimestamp();
        string steps = value.Steps is { } all ? $"{value.Step} of {all}" : $"{value.Step}";
        string hyperparameters = string.Join(", ", value.Hyperparameters.Select(h => $"{h.Name} {Number(h.Value)}"));
        _log.Info($"Step {steps}: training loss {Number(value.TrainingLoss)}, validation loss {Number(value.ValidationLoss)}, {hyperparameters}.");
    }

    public void Dispose()
    {
        // Waits for a poll that is under way, which would otherwise touch what is disposed of.
        using var finished = new ManualResetEvent(false);
        if (_timer.Dispose(finished))
            finished.WaitOne();
        _source.Dispose();
    }

    internal static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private void Poll()
    {
        if (_log.IsCanceled)
            _source.Cancel();
    }
}
