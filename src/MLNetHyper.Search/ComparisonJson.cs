using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Search;

/// <summary>What a comparison's JSON says, property by property.</summary>
internal sealed record ComparisonJson(
    string Task,
    string? Data,
    string Label,
    string Error,
    double? CatchUpFactor,
    ComparisonJson.IntervalJson? CatchUpInterval,
    PairedJson BesidePlain,
    string Conclusion,
    ComparisonJson.OptionsJson Options,
    IEnumerable<int> Seeds,
    IEnumerable<ComparisonJson.RowJson> Rows,
    IEnumerable<ComparisonJson.EntryJson> Entries)
{
    // The encoder cannot be named in the context's attribute: labels in any script stay readable.
    private static readonly ComparisonJsonContext _context = new(new JsonSerializerOptions(ComparisonJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    internal static string Write(ComparisonResult result) => JsonSerializer.Serialize(new ComparisonJson(
        result.Task.ToString().ToLowerInvariant(), result.Source, result.Options.Data.LabelColumn, result.ErrorName,
        Finite(result.CatchUpFactor), result.CatchUpInterval is { } interval ? new(Finite(interval.Lower), Finite(interval.Upper)) : null, PairedJson.Of(result.BesidePlain), result.Conclusion, Describe(result.Options),
        Enumerable.Range(0, result.Options.Repeats).Select(repeat => unchecked(result.Options.Seed + repeat)),
        result.Rows.Select(row => Describe(row, result.IsSearch(row.Method))),
        result.Entries.Select(entry => Describe(entry, result.IsSearch(entry.Method)))), _context.ComparisonJson);

    private static OptionsJson Describe(ComparisonOptions options)
    {
        OnePassOptions training = options.Training;
        return new(training.Method.Name, options.Searches.Select(s => s.Name), options.Multiples, options.Repeats,
            training.HiddenLayers, training.Activation.ToString().ToLowerInvariant(),
            training.Steps, Finite(training.Epochs),
            training.BatchSize is int.MaxValue ? null : training.BatchSize, training.TuningInterval,
            options.RandomInitialHyperparameters, options.Data.ValidationFraction, options.Data.TestFraction);
    }

    private static RowJson Describe(ComparisonRow row, bool isSearch) => new(
        row.Method, isSearch ? row.Multiple : null, Finite(row.Median), Finite(row.LowerQuartile), Finite(row.UpperQuartile),
        Finite(row.MeanCost), Finite(row.MeanSeconds), row.DivergedTrials, row.Failures);

    private static EntryJson Describe(ComparisonEntry entry, bool isSearch) => new(
        entry.Method, isSearch ? entry.Multiple : null, entry.Repeat, Finite(entry.TestError), Finite(entry.Cost), Finite(entry.Seconds),
        entry.Failed, entry.Trials, entry.DivergedTrials, entry.Setting);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    internal sealed record IntervalJson(double? Lower, double? Upper);

    internal sealed record OptionsJson(
        string Method, IEnumerable<string> Searches, IEnumerable<int> Budgets, int Repeats, IEnumerable<int> HiddenLayers, string Activation, long? Steps, double? Epochs,
        int? BatchSize, int TuningInterval, bool RandomInitial, double ValidationFraction, double TestFraction);

    internal sealed record RowJson(
        string Method, double? Budget, double? Median, double? LowerQuartile, double? UpperQuartile, double? Cost, double? Seconds, int DivergedTrials, int Failures);

    internal sealed record EntryJson(
        string Method, double? Budget, int Seed, double? TestError, double? Cost, double? Seconds, bool Failed, int Trials, int DivergedTrials, SearchPoint? Setting);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ComparisonJson))]
sealed partial class ComparisonJsonContext : JsonSerializerContext;
