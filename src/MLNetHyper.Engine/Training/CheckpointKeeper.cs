namespace MLNetHyper.Engine;

/// <summary>
/// Keeps a recent state in memory and writes it to the file from time to time and at the end. A file that cannot be written is a
/// warning: training goes on, and the last good checkpoint stays. How often it does either depends on the clock, what it keeps does not.
/// </summary>
internal sealed class CheckpointKeeper(string path, string fingerprint, TimeSpan every, TimeProvider clock)
{
    /// <summary>A canceled run loses at most about this much work, if keeping a state costs little.</summary>
    private static readonly TimeSpan _keepEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Keeping and writing states may take one part in this many of the time.</summary>
    private const int PartOfTime = 50;

    private readonly List<string> _warnings = [];
    private long _kept = clock.GetTimestamp();
    private long _written = clock.GetTimestamp();
    private TimeSpan _pause;
    private byte[]? _pending;
    private byte[]? _inFile;
    private bool _isFinished;

    internal IReadOnlyList<string> Warnings => _warnings;

    internal bool IsDue => every == TimeSpan.Zero || clock.GetElapsedTime(_kept) >= _pause;

    internal byte[]? Load() => _inFile = Checkpoint.Read(path, fingerprint);

    internal void Keep(Func<byte[]> save)
    {
        long start = clock.GetTimestamp();
        _pending = save();
        if (clock.GetElapsedTime(_written) >= every)
            Flush();
        _kept = clock.GetTimestamp();
        TimeSpan cost = clock.GetElapsedTime(start, _kept);
        _pause = cost * (PartOfTime - 1) > _keepEvery ? cost * (PartOfTime - 1) : _keepEvery;
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
        _written = clock.GetTimestamp();
    }
}
