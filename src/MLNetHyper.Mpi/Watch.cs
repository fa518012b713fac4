using System.Diagnostics;

namespace MLNetHyper.Mpi;

/// <summary>
/// Ends this process when it has waited for other workers too long. Nothing else does: whoever waits inside MPI for one that is gone does not come back.
/// </summary>
internal sealed class Watch : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly string _message;
    private readonly Timer _timer;
    private long _since;

    /// <param name="patience">How long to wait.</param>
    /// <param name="message">What to say before the end.</param>
    internal Watch(TimeSpan patience, string message)
    {
        (_patience, _message) = (patience, message);
        TimeSpan often = patience / 10 < TimeSpan.FromSeconds(1) ? patience / 10 : TimeSpan.FromSeconds(1);
        _timer = new(_ => Look(), null, often, often);
    }

    internal void Begin() => Volatile.Write(ref _since, Stopwatch.GetTimestamp());

    internal void End() => Volatile.Write(ref _since, 0);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long since = Volatile.Read(ref _since);
        if (since == 0 || Stopwatch.GetElapsedTime(since) < _patience)
            return;
        Console.Error.WriteLine(_message);
        Environment.Exit(1);
    }
}
