using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>What the comparisons in docs/results come to, a line each.</summary>
internal static partial class CatchUpTable
{
    internal static string Write() => Write("compare", ReferenceDataset.All.Select(set => set.Name));

    /// <summary>The same against the tuners of ML.NET AutoML.</summary>
    internal static string WriteAutoML() => Write("mlnet-automl", [.. ReferenceDataset.All.Select(set => set.Name), "tumours", "digits"]);

    private static string Write(string kind, IEnumerable<string> sets)
    {
        string text = "| Data | One pass | Same start, untuned | Cheapest search as good | Its cost over one pass's |\n|---|---:|---:|---|---:|\n";
        foreach (string set in sets)
        {
            string comparison = File.ReadAllText(Repository.PathTo("docs", "results", $"{kind}-{set}.md"));
            Match found = AsGood().Match(comparison);
            string search = found.Success ? $"{found.Groups["search"].Value}, {found.Groups["budget"].Value}: {found.Groups["error"].Value}" : "none";
            text += $"| {set} | {Median(comparison, "one pass (")} | {Median(comparison, "plain")} | {search} | {(found.Success ? found.Groups["times"].Value : "–")} |\n";
        }
        return text;
    }

    /// <summary>The third cell of the row that begins so.</summary>
    private static string Median(string comparison, string row) =>
        comparison.Split('\n').First(line => line.StartsWith($"| {row}", StringComparison.Ordinal)).Split('|')[3].Trim();

    [GeneratedRegex(@"(The cheapest search to do as well was|One pass did not pay here:) (?<search>[\w-]+) with a budget of (?<budget>\d+ plain trainings?)( did as well)?, with (?<error>[^:,]+)(: it needed|, at only) (?<times>[\d.]+ ×)")]
    private static partial Regex AsGood();
}
