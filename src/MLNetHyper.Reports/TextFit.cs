using System.Globalization;

namespace MLNetHyper.Reports;

/// <summary>Estimates how wide text will be, and keeps labels apart. The reader's font is unknown, so the estimate is generous.</summary>
internal static class TextFit
{
    private const double FontSize = 12;

    public static double Width(string text)
    {
        double ems = 0;
        foreach (char c in text)
            ems += c >= '\u1100' ? 1 : c is 'm' or 'M' or 'W' ? 0.98 : char.IsUpper(c) || c is 'w' ? 0.8 : c is ' ' or 'i' or 'j' or 'l' or '.' or ',' ? 0.36 : 0.6;
        return ems * FontSize;
    }

    public static string Shorten(string text, double room)
    {
        if (Width(text) <= room)
            return text;
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int kept = starts.Length - 1;
        while (kept > 1 && Width(text[..starts[kept]]) + FontSize > room)
            kept--;
        return text[..starts[kept]].TrimEnd() + "…";
    }

    /// <summary>Moves labels as little as needed so that neighbors keep a gap and all stay between two bounds.</summary>
    /// <param name="wanted">Where each label would like to be, in any order.</param>
    /// <param name="gap">Least distance; all must fit: <c>(count - 1) × gap ≤ high - low</c>.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    public static double[] Spread(IReadOnlyList<double> wanted, double gap, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        double[] placed = [.. wanted];
        double floor = low;
        foreach (int i in order)
        {
            placed[i] = Math.Max(placed[i], floor);
            floor = placed[i] + gap;
        }
        double ceiling = high;
        foreach (int i in order.Reverse())
        {
            placed[i] = Math.Min(placed[i], ceiling);
            ceiling = placed[i] - gap;
        }
        return placed;
    }
}
