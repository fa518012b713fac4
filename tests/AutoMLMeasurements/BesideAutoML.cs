using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper.Reports;
using MLNetHyper.Search;

namespace MLNetHyper.Measurements;

/// <summary>One pass against the tuners of ML.NET AutoML at equal cost; a table on standard output and a report in docs/results/reports.</summary>
internal static class BesideAutoML
{
    internal static void Write(string name)
    {
        var context = new MLContext(0);
        string command = $"dotnet run --project tests/AutoMLMeasurements -c Release -- {name}";
        int repeats = name is "energy" or "tumours" ? 10 : 5;
        ComparisonResult result = context.Auto().CreateRestartComparison(Load(context, name), "y")
            .SetRepeats(repeats)
            .Run(new ToError());
        Console.Write(result.ToMarkdown(command));
        Console.WriteLine();
        Console.WriteLine("| Contestant | as good as one pass with a budget of | times one pass's cost | within 5 % of the best with a budget of | cost | seconds |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (ContestantStanding standing in result.Standings)
            Console.WriteLine($"| {(standing.Method == result.OnePass.Method ? "one pass" : standing.Method)} | {(standing.Method == result.OnePass.Method ? "–" : Budget(standing.CatchUp))} | {(standing.CatchUpFactor is { } factor ? CompactNumber.Format(factor, 2) : "–")} | {Budget(standing.NearBest)} | {Number(standing.NearBest?.MeanCost)} | {Number(standing.NearBest?.MeanSeconds)} |");
        string folder = Path.Combine("docs", "results", "reports");
        Directory.CreateDirectory(folder);
        ComparisonReport.Create(result, command).Save(Path.Combine(folder, $"automl-{name}.html"));
    }

    private static IDataView Load(MLContext context, string name)
    {
        string path = Path.Combine("samples", "data", name + ".csv");
        int features = File.ReadLines(path).First().Count(c => c == ',');
        IDataView Read(DataKind label) => context.Data.LoadFromTextFile(path, [new("Features", DataKind.Single, 0, features - 1), new("y", label, features)], separatorChar: ',', hasHeader: true);
        IDataView With(IDataView data, IEstimator<ITransformer> step) => step.Fit(data).Transform(data);
        return name switch
        {
            "tumours" => With(Read(DataKind.String), context.Transforms.Conversion.MapValue("y", [KeyValuePair.Create("malignant", true), KeyValuePair.Create("benign", false)], "y")),
            "digits" => With(Read(DataKind.String), context.Transforms.Conversion.MapValueToKey("y")),
            _ => Read(DataKind.Single),
        };
    }

    private static string Budget(ComparisonRow? row) => row is null ? "never" : CompactNumber.Format(row.Multiple, 3);

    private static string Number(double? value) => value is { } number ? CompactNumber.Format(number, 3) : "–";

    private sealed class ToError : IProgress<ComparisonEntry>
    {
        public void Report(ComparisonEntry value) => Console.Error.WriteLine($"{value.Method} {value.Multiple:F0} seed {value.Repeat}: {value.TestError:G4}, {value.Seconds:F1} s");
    }
}
