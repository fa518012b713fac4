using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Cli.Tests;

/// <summary>Whatever the file and the options: an exit code that says what happened, no stack trace, JSON that every reader accepts.</summary>
[TestClass]
public sealed partial class FuzzTests
{
    private static readonly string[] _cells = ["", "NA", "a", "b", "0", "1", "-1", "2.5", "1e-30", "1e30", "1e300", "inf", "NaN", "1,5", "\"q,\"\"x\"", "ü", "0x1", "None", "#N/A", "-nan", "-", "n.a.", "94%", "$5", "45 years", "\"1,234\"", "−5", "007", "100000000000000001", "true", "TRUE", "2024-06-01", "10:30"];

    private static readonly string[][] _options =
    [
        ["--task", "regression"], ["--task", "binary"], ["--task", "multiclass"], ["--hidden-layers", "none"], ["--hidden-layers", "3,3"], ["--activation", "tanh"], ["--activation", "gelu"],
        ["--batch-size", "7"], ["--batch-size", "full"], ["--initial", "lr=1"], ["--initial", "lr=1e-8,momentum=0.99"], ["--learning-rate-granularity", "per-weight"], ["--learning-rate-granularity", "per-tensor"],
        ["--retrain-on-all"], ["--threads", "2"], ["--weight", "c0"], ["--drop", "c1"], ["--numeric", "c0"], ["--text", "c0"], ["--keep-na", "c0"], ["--max-categories", "5"], ["--category-buckets", "3"], ["--bucket", "c1"], ["--separator", ";"], ["--test-fraction", "0"], ["--validation-fraction", "0.6"],
        ["--tuning-interval", "3"], ["--tune", "lr"], ["--tune", "wd,momentum"], ["--meta-learning-rate", "5"], ["--patience", "10"], ["--split-rows", "10,5,5"], ["--look-back", "3"], ["--decay", "0.5"],
    ];

    [TestMethod]
    public void Any_table_and_options_end_in_a_result_or_a_sentence()
    {
        int trained = 0;
        Prop.ForAll<int>(seed =>
        {
            using TestFolder folder = new();
            Random random = new(seed);
            string file = folder.Write("fuzz.csv", RandomCsv(random));
            Outcome outcome = Tool.Run(["train", "--data", file, "--label", "y", "--steps", "25", "--json", "--model", folder["m"], "--report", folder["r.html"], .. RandomOptions(random)]);
            Check(outcome);
            if (!File.Exists(folder["m"]))
                return;
            trained++;
            // A warning may quote the cell, and a folder with a random name be called anything.
            Assert.DoesNotContain("NaN", File.ReadAllText(folder["r.html"]).Replace(Path.GetDirectoryName(file)!, "").Replace("'NaN'", "").Replace("&#39;NaN&#39;", ""));
            Check(Tool.Run("predict", "--model", folder["m"], "--data", file, "--json"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
        Assert.IsGreaterThan(20, trained);
    }

    private static void Check(Outcome outcome)
    {
        Assert.IsTrue(outcome.ExitCode is ExitCode.Success or ExitCode.Failed or ExitCode.BadInput, outcome.Error);
        Assert.DoesNotContain(" at MLNetHyper", outcome.Error);
        Assert.DoesNotContain("should not have happened", outcome.Error);
        foreach (string line in outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.IsTrue(line.StartsWith("onepass: ", StringComparison.Ordinal) && line[^1] is '.' or '?', line);
        if (outcome.ExitCode == ExitCode.BadInput)
        {
            Assert.AreEqual("", outcome.Out);
            return;
        }
        using JsonDocument json = JsonDocument.Parse(outcome.Out);
        Assert.IsFalse(NotANumber().IsMatch(outcome.Out), outcome.Out);
    }

    private static string[] RandomOptions(Random random)
    {
        List<string> options = [];
        if (random.Next(2) == 0)
            options.AddRange(["--method", HypergradientMethods.All[random.Next(HypergradientMethods.All.Count)].Name]);
        if (random.Next(3) == 0)
            options.AddRange(["--rule", UpdateRules.All[random.Next(UpdateRules.All.Count)].Name]);
        foreach (int index in Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(_options.Length)).Distinct())
            options.AddRange(_options[index]);
        return [.. options];
    }

    private static string RandomCsv(Random random)
    {
        int columns = random.Next(1, 4), rows = random.Next(0, 60);
        double dirt = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.2;
        double[] scales = [.. Enumerable.Range(0, columns + 1).Select(_ => Math.Pow(10, random.Next(3) == 0 ? random.Next(-30, 31) : 0))];
        int classes = random.Next(3) == 0 ? random.Next(1, 5) : 0;
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, columns).Select(i => $"c{i}").Append("y")) + "\n");
        for (int row = 0; row < rows; row++)
        {
            double[] x = [.. Enumerable.Range(0, columns).Select(_ => random.NextDouble() - 0.5)];
            double y = x.Sum() + (0.1 * random.NextDouble());
            IEnumerable<string> cells = x.Select((value, i) => Cell(value * scales[i])).Append(classes > 0 ? $"k{(int)(Math.Abs(y) * 10) % classes}" : Cell(y * scales[^1]));
            text.AppendJoin(',', cells).Append(random.NextDouble() < dirt / 20 ? ",extra\n" : "\n");
        }
        return text.ToString();

        string Cell(double value) => random.NextDouble() < dirt ? _cells[random.Next(_cells.Length)] : value.ToString("R", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("[:\\[, ]\"?-?(NaN|Infinity|∞)\"?")]
    private static partial Regex NotANumber();
}
