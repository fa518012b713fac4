using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Search;

/// <summary>What a suite's JSON says, property by property.</summary>
internal sealed record SuiteJson(IEnumerable<SuiteJson.TableJson> Tables, SuiteJson.SummaryJson Summary)
{
    internal static string Write(SuiteResult result) => JsonSerializer.Serialize(new SuiteJson(
        result.Tables.Select((table, t) => new TableJson(table.Name, table.Task.ToString().ToLowerInvariant(), table.Metric, table.Rows, table.Features,
            result.Rivals.ToDictionary(r => r.Name, r => PairedJson.Of(r.Differences[t])),
            table.Contestants.ToDictionary(c => c.Name, c => new StandingJson(Finite(c.Mean), Finite(c.StandardError), Finite(c.Seconds), Finite(c.GradientEvaluations), c.Failures, c.Errors.Select(Finite))))),
        new SummaryJson(result.Options.Contestants[0].Name, Enumerable.Range(0, result.Options.Divisions).Select(d => unchecked(result.Options.Seed + d)), result.Options.TestFraction,
            result.Rivals.ToDictionary(r => r.Name, r => new RivalJson(Finite(r.Ratio), Finite(r.Best), Finite(r.Worst), r.Wins, r.Ties, r.Losses, r.SurelyBetter, r.SurelyWorse, Finite(r.SecondsRatio), r.Failures)))),
        SuiteJsonContext.Default.SuiteJson);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    internal sealed record TableJson(string Name, string Task, string Metric, int Rows, int Features, IReadOnlyDictionary<string, PairedJson> Beside, IReadOnlyDictionary<string, StandingJson> Contestants);

    internal sealed record StandingJson(double? Mean, double? StandardError, double? Seconds, double? GradientEvaluations, int Failures, IEnumerable<double?> Errors);

    internal sealed record SummaryJson(string First, IEnumerable<int> Seeds, double TestFraction, IReadOnlyDictionary<string, RivalJson> Beside);

    internal sealed record RivalJson(double? Ratio, double? Best, double? Worst, int Wins, int Ties, int Losses, int BetterBeyondChance, int WorseBeyondChance, double? SecondsRatio, int Failures);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(SuiteJson))]
sealed partial class SuiteJsonContext : JsonSerializerContext;
