namespace MLNetHyper.Tests;

/// <summary>Times on machines that do other work beside: one of three has to do.</summary>
internal static class Latency
{
    internal static void IsBelow(double milliseconds, Func<TimeSpan> measure)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < 3 && least >= milliseconds; i++)
            least = Math.Min(least, measure().TotalMilliseconds);
        Assert.IsLessThan(milliseconds, least);
    }
}
