using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>What the comparisons in docs/results come to, a line each.</summary>
internal static partial class CatchUpTable
{
    internal static string Write()
    {
        string text = "| Data | One pass | Same start, untuned | Cheapest search as good | Its cost over one pass's |\n|---|---:|---:|---|---:|\n";
        foreach (ReferenceDataset set in ReferenceDataset.All)
        {
            string comparison = File.ReadAllText(Repository.PathTo("docs", "results", $"compare-{set.Name}.md"));
            Match found = AsGood().Match(comparison);
            string search = found.Success ? $"{found.Groups["search"].Value}, {found.Groups["budget"].Value}: {found.Groups["error"].Value}" : "none";
            text += $"| {set.Name} | {Median(comparison, "one pass (")} | {Median(comparison, "plain")} | {search} | {(found.Success ? found.Groups["times"].Value : "–")} |\n";
        }
        return text;
    }

    /// <summary>The third cell of the row that begins so.</summary>
    private static string Median(string comparison, string row) =>
        comparison.Split('\n').Single(line => line.StartsWith($"| {row}", StringComparison.Ordinal)).Split('|')[3].Trim();

    [GeneratedRegex(@"The cheapest search to do as well was (?<search>\w+) with a budget of (?<budget>\d+ plain trainings?), with (?<error>[^:]+): it needed (?<times>[\d.]+ ×)")]
    private static partial Regex AsGood();
}
