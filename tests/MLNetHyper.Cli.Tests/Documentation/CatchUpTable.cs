using System.Text.RegularExpressions;

namespace MLNetHyper.Cli.Tests;

/// <summary>What the comparisons in docs/results come to, a line each.</summary>
internal static partial class CatchUpTable
{
    internal static string Write()
    {
        string text = "| Data | Start | One pass | Same start, untuned | Cheapest as good | Its cost over one pass's | 95 % interval |\n|---|---|---:|---:|---|---:|---|\n";
        foreach ((string start, string ending) in new[] { ("default", ""), ("drawn", "-drawn") })
        {
            foreach (ReferenceDataset set in ReferenceDataset.All.Where(set => File.Exists(Repository.PathTo("docs", "results", $"compare-{set.Name}{ending}.md"))))
            {
                string comparison = Read("compare", $"{set.Name}{ending}");
                text += $"| {set.Name} | {start} | {Median(comparison, "one pass (")} | {Median(comparison, "plain")} | {AsGoodIn(comparison)} | {Interval().Match(comparison).Groups["bounds"].Value} |\n";
            }
        }
        return text;
    }

    /// <summary>The same against the tuners of ML.NET AutoML.</summary>
    internal static string WriteAutoML()
    {
        string text = "| Data | One pass | Same start, untuned | Cheapest search as good | Its cost over one pass's |\n|---|---:|---:|---|---:|\n";
        foreach (string set in ReferenceDataset.All.Select(set => set.Name).Concat(["tumours", "digits"]))
        {
            string comparison = Read("mlnet-automl", set);
            text += $"| {set} | {Median(comparison, "one pass (")} | {Median(comparison, "plain")} | {AsGoodIn(comparison)} |\n";
        }
        return text;
    }

    private static string Read(string kind, string name) => File.ReadAllText(Repository.PathTo("docs", "results", $"{kind}-{name}.md"));

    /// <summary>Two cells: who, and for how much.</summary>
    private static string AsGoodIn(string comparison)
    {
        Match found = AsGood().Match(comparison);
        return found.Success ? $"{found.Groups["who"].Value.Replace(" with a budget of", ",", StringComparison.Ordinal)}: {found.Groups["error"].Value} | {found.Groups["times"].Value}" : "none | –";
    }

    /// <summary>The third cell of the row that begins so.</summary>
    private static string Median(string comparison, string row) =>
        comparison.Split('\n').First(line => line.StartsWith($"| {row}", StringComparison.Ordinal)).Split('|')[3].Trim();

    [GeneratedRegex(@"(The cheapest (search )?to do as well was|One pass did not pay off here:|It is not clear whether one pass pays off here:) (?<who>the same start untuned|[\w-]+( with a budget of \d+ plain trainings?)?)( did as well)?, with (?<error>[^:,]+)(: it needed|, at( only)?) (?<times>[\d.]+ ×)")]
    private static partial Regex AsGood();

    [GeneratedRegex(@"(cost of one pass|within these budgets) \(95 % interval (?<bounds>[^)]+)\)")]
    private static partial Regex Interval();
}
