using System.Globalization;

namespace MLNetHyper.Reports;

/// <summary>
/// Gives every name one color throughout a report, and names that meet in a chart different ones.
/// </summary>
/// <remarks>
/// The colors are Okabe and Ito's, which people with any common color blindness can tell apart.
/// When a chart has more names than colors, the colors return with another dash pattern, or with other shapes.
/// </remarks>
internal sealed class SeriesPalette
{
    /// <summary>The style of what needs no telling apart.</summary>
    public const string First = "c0 d0";

    public const int Colors = 7;
    private const int Dashes = 3;

    private readonly Dictionary<string, int> _slots = [];

    public SeriesPalette(IEnumerable<Chart> charts)
    {
        HashSet<string>[] meetings = [.. charts.Select(chart => chart.SeriesNames.ToHashSet())];
        foreach (string name in charts.SelectMany(chart => chart.SeriesNames).Distinct())
        {
            HashSet<int> taken = [.. from meeting in meetings
                                     where meeting.Contains(name)
                                     from other in meeting
                                     where _slots.ContainsKey(other)
                                     select _slots[other]];
            _slots[name] = Enumerable.Range(0, taken.Count + 1).First(slot => !taken.Contains(slot));
        }
    }

    /// <summary>The style sheet classes that carry a name's color and dash pattern.</summary>
    public string Style(string name)
    {
        int slot = _slots[name];
        return string.Create(CultureInfo.InvariantCulture, $"c{slot % Colors} d{slot / Colors % Dashes}");
    }

    /// <summary>The name's shape, for charts of single points.</summary>
    public int Shape(string name) => (_slots[name] + (_slots[name] / Colors)) % MarkShape.Count;
}
