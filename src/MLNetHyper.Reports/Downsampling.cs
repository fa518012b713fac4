namespace MLNetHyper.Reports;

/// <summary>Thins long series to what a screen can show, without losing a spike.</summary>
internal static class Downsampling
{
    public const int MostPoints = 2000;

    /// <summary>
    /// Indices to draw: all of a short series; of a long one the ends and each bucket's least and greatest value.
    /// A bucket without a drawable value keeps one undrawable index, so that the gap stays.
    /// </summary>
    public static List<int> Indices(int count, Func<int, bool> canDraw, Func<int, double> value)
    {
        if (count <= MostPoints)
            return [.. Enumerable.Range(0, count)];
        List<int> kept = [0];
        const int buckets = (MostPoints / 2) - 1;
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            int start = 1 + (int)((long)bucket * (count - 2) / buckets), end = 1 + (int)((long)(bucket + 1) * (count - 2) / buckets);
            int least = -1, greatest = -1;
            for (int i = start; i < end; i++)
            {
                if (!canDraw(i))
                    continue;
                if (least < 0 || value(i) < value(least))
                    least = i;
                if (greatest < 0 || value(i) > value(greatest))
                    greatest = i;
            }
            kept.Add(least < 0 ? start : Math.Min(least, greatest));
            if (least != greatest)
                kept.Add(Math.Max(least, greatest));
        }
        kept.Add(count - 1);
        return kept;
    }

    /// <summary>About <paramref name="most"/> indices at equal distances, the first and the last among them.</summary>
    public static IEnumerable<int> Evenly(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)((long)i * (count - 1) / (most - 1)));
}
