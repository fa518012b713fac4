namespace MLNetHyper.Engine.Tests;

/// <summary>A clock that moves when a test says so, or by as much at every reading.</summary>
internal sealed class ManualClock(TimeSpan everyReading = default) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        Advance(everyReading);
        return _now;
    }

    internal void Advance(TimeSpan time) => _now += time.Ticks;
}
