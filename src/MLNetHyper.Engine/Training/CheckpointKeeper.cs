using System.Diagnostics;

namespace MLNetHyper.Engine;

/// <summary>
/// Keeps a recent state in memory and writes it to the file from time to time and at the end. A file that cannot be written is a
/// warning: training goes on, and the last good checkpoint stays.
/// </summary>
internal sealed class CheckpointKeeper(string path, string fingerprint, TimeSpan every)
{
    /// <summary>A cancelled run loses at most about this much work.</summary>
    private static readonly TimeSpan _keepEvery = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _warnings = [];
    private long _kept;
    private long _written = Stopwatch.GetTimestamp();
    private byte[]? _pending;
    private byte[]? _inFile;
    private bool _isFinished;

    internal IReadOnlyList<string> Warnings => _warnings;

    internal bool IsDue => Stopwatch.GetElapsedTime(_kept) >= _keepEvery || every == TimeSpan.Zero;

    internal byte[]? Load() => _inFile = Checkpoint.Read(path, fingerprint);

    internal void Keep(byte[] state)
    {
        _pending = state;
        _kept = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_written) >= every)
            Flush();
    }

    /// <summary>The end of a run: a finished one must not be in the way of the next, such as that of a second fold.</summary>
    internal void End(bool isFinished)
    {
        _isFinished = isFinished;
        if (isFinished)
            _pending ??= _inFile;
        Flush();
    }

    private void Flush()
    {
        if (_pending is null)
            return;
        try
        {
            Checkpoint.Write(path, fingerprint, _isFinished, _pending);
            (_inFile, _pending) = (_pending, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_warnings.Count == 0)
                _warnings.Add($"The checkpoint '{path}' could not be written: {e.Message} Training went on; the last complete checkpoint is unchanged.");
        }
        _written = Stopwatch.GetTimestamp();
    }
}
