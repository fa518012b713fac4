using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>What people meet who train on CSV files as other programs write them: refused in a sentence with a remedy that this tool has, or trained with a warning.</summary>
[TestClass]
public sealed class TableSituationTests
{
    private const int Rows = 80;

    private static string Number(int i) => ((i * 7919 % 101) / 10.0).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A column of cells, a number and a label; a cell or label of null is a number.</summary>
    private static string Csv(Func<int, string>? cell = null, Func<int, string>? label = null, string header = "x,z,y") =>
        header + "\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{cell?.Invoke(i) ?? $"{i % 47}"},{Number(i)},{label?.Invoke(i) ?? $"{(i * 31 % 17) + 0.25}"}\n"));

    [TestMethod]
    [DataRow("4O", "except '4O' in line 5")]
    [DataRow("45 years", "except '45 years' in line 5")]
    [DataRow("-", "except '-' in line 5")]
    [DataRow("n.a.", "except 'n.a.' in line 5")]
    public void A_cell_that_spoils_a_column_is_named_with_what_helps_here(string cell, string part)
    {
        using TestFolder folder = new();
        string file = folder.Write("age.csv", Csv(i => i == 3 ? cell : $"{i % 47}"));
        Tool.Train(file, "y").IsBadInput(file, "column 'x' looks like numbers", part, "name it in --text", "leave it out with --drop");
        Assert.DoesNotContain("Options.", Tool.Train(file, "y").Error);
        Tool.Train(file, "y", "--text", "x").Succeeds();
        Tool.Train(file, "y", "--drop", "x").Succeeds();
        Tool.Train(file, "y", "--numeric", "x").IsBadInput("line 5", "column 'x'", $"'{cell}' is {(cell == "45 years" ? "a number with the unit 'years'" : "not a number")}");
        Tool.Run("compare", "--data", file, "--label", "y", "--quick", "--steps", "20", "--json").IsBadInput(part);
    }

    [TestMethod]
    [DataRow("94%", "a number with '%'")]
    [DataRow("$5", "a number with '$'")]
    [DataRow("\"2,5\"", "a number with decimal commas")]
    [DataRow("\"1,234,567\"", "a number with thousands separators")]
    public void A_numeric_column_says_what_is_around_a_number(string cell, string part)
    {
        using TestFolder folder = new();
        string file = folder.Write("age.csv", Csv(i => i == 3 ? cell : $"{i % 47}"));
        Tool.Train(file, "y", "--numeric", "x").IsBadInput("line 5", "column 'x'", part);
    }

    [TestMethod]
    [DataRow("None")]
    [DataRow("<NA>")]
    [DataRow("#N/A")]
    [DataRow("-nan")]
    [DataRow("1.#QNAN")]
    public void Words_for_missing_values_train_and_predict_like_empty_cells(string word)
    {
        using TestFolder folder = new();
        string with = folder.Write("with.csv", Csv(i => i % 5 == 0 ? word : $"{i % 47}")), without = folder.Write("without.csv", Csv(i => i % 5 == 0 ? "" : $"{i % 47}"));
        Tool.Train(with, "y", "--model", folder["m"]).Succeeds();
        string predictions = Tool.Run("predict", "--model", folder["m"], "--data", with).Succeeds().Out;
        Assert.AreEqual(predictions, Tool.Run("predict", "--model", folder["m"], "--data", without).Succeeds().Out);
    }

    [TestMethod]
    public void A_label_with_words_for_missing_values_stays_a_number()
    {
        using TestFolder folder = new();
        JsonElement json = Tool.Train(folder.Write("none.csv", Csv(label: i => i % 4 == 0 ? "None" : $"{i}.25")), "y").Succeeds().Json;
        Assert.AreEqual("regression", json.GetProperty("task").GetString());
        Assert.AreEqual(20, json.GetProperty("skippedRows").GetInt32());
        string dashes = folder.Write("dash.csv", Csv(label: i => i % 4 == 0 ? "-" : $"{i}.25"));
        Tool.Train(dashes, "y").IsBadInput("column 'y' looks like numbers except '-' in 20 rows, first in line 2", "leave the cells empty", "set --task");
        Tool.Train(dashes, "y", "--task", "multiclass").IsBadInput("classes have only one or two rows");
    }

    [TestMethod]
    [DataRow(new[] { "001", "002", "010" }, "prediction,probability_001,probability_002,probability_010")]
    [DataRow(new[] { "100000000000000001", "100000000000000002" }, "prediction,probability_100000000000000001,probability_100000000000000002")]
    [DataRow(new[] { "1", "01", "2" }, "prediction,probability_01,probability_1,probability_2")]
    [DataRow(new[] { "1.0", "2.0" }, "prediction,probability_1.0,probability_2.0")]
    [DataRow(new[] { "true", "TRUE", "False" }, "prediction,probability_false,probability_true")]
    public void Predictions_join_back_to_the_labels_in_the_file(string[] labels, string header)
    {
        using TestFolder folder = new();
        string file = folder.Write("codes.csv", Csv(label: i => labels[i % labels.Length]));
        Tool.Train(file, "y", "--model", folder["m"]).Succeeds();
        Outcome predicted = Tool.Run("predict", "--model", folder["m"], "--data", file).Succeeds();
        string[] lines = predicted.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(header, lines[0]);
        string[] classes = [.. header.Split(',').Skip(1).Select(name => name["probability_".Length..])];
        Assert.IsTrue(lines.Skip(1).All(line => classes.Contains(line.Split(',')[0])));
        Assert.Contains("all labeled rows", predicted.Error);
        Tool.Train(file, "y", "--test-data", file).Succeeds();
    }

    [TestMethod]
    public void A_class_NA_can_be_kept()
    {
        using TestFolder folder = new();
        string file = folder.Write("region.csv", Csv(label: i => i % 3 == 0 ? "NA" : i % 3 == 1 ? "EU" : "AS"));
        Outcome skipped = Tool.Train(file, "y").Succeeds();
        Assert.Contains("'NA' in 27 rows, first in line 2; if they are classes, name the column in --keep-na.", skipped.Error);
        Assert.Contains("--keep-na", skipped.Json.GetProperty("warnings")[0].GetString()!);
        Outcome kept = Tool.Train(file, "y", "--keep-na", "y", "--model", folder["m"], "--test-data", file).Succeeds();
        Assert.AreEqual("", kept.Error);
        Outcome predicted = Tool.Run("predict", "--model", folder["m"], "--data", file).Succeeds();
        Assert.StartsWith("prediction,probability_AS,probability_EU,probability_NA\n", predicted.Out);
        Assert.Contains("all labeled rows     80", predicted.Error);
    }

    [TestMethod]
    public void Columns_can_be_named_whatever_they_are_called()
    {
        using TestFolder folder = new();
        string unnamed = folder.Write("index.csv", Csv(i => $"{i}", header: ",z,y"));
        Assert.Contains("column 'column 1' has no name in the header; it is used as a feature. Name it, or leave it out with --drop", Tool.Train(unnamed, "y").Succeeds().Error);
        Assert.AreEqual("", Tool.Train(unnamed, "y", "--drop", "column 1").Succeeds().Error);
        string commas = folder.Write("commas.csv", Csv(i => $"{i}", header: "\"a, \"\"b\"\"\",z,y"));
        Assert.AreEqual("", Tool.Train(commas, "y", "--drop", "\"a, \"\"b\"\"\"").Succeeds().Error);
        Tool.Train(commas, "y", "--drop", " z , \"a, \"\"b\"\"\" ").IsBadInput("no feature is left");
        Tool.Train(commas, "y", "--drop", "a,,b").IsBadInput("--drop", "double quotation marks");
        Tool.Train(commas, "y", "--drop", "\"a").IsBadInput("no column");
    }

    [TestMethod]
    public void A_table_wider_than_long_trains()
    {
        using TestFolder folder = new();
        string header = string.Join(',', Enumerable.Range(0, 40).Select(i => $"x{i}")) + ",y\n";
        IEnumerable<string> rows = Enumerable.Range(0, 12).Select(row => string.Join(',', Enumerable.Range(0, 40).Select(i => (row * i * 7919 % 101).ToString(CultureInfo.InvariantCulture))) + $",{row + 0.5}\n");
        Outcome outcome = Tool.Train(folder.Write("wide.csv", header + string.Concat(rows)), "y").Succeeds();
        Assert.Contains("10 training rows are fewer than the", outcome.Error);
        Assert.Contains("--drop", outcome.Json.GetProperty("warnings").EnumerateArray().Last().GetString()!);
    }

    [TestMethod]
    public void Many_texts_may_be_allowed()
    {
        using TestFolder folder = new();
        string file = folder.Write("names.csv", "x,z,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"n{i % 120},{i % 7},{i * 31 % 17}.5\n")));
        Tool.Train(file, "y", "--category-buckets", "0").IsBadInput("has 120 different texts, more than the 100", "--max-categories", "--bucket");
        Tool.Train(file, "y", "--max-categories", "120").Succeeds();
        Assert.Contains("different texts in the training rows: they share 16 features", Tool.Train(file, "y", "--category-buckets", "16").Succeeds().Error);
        Tool.Train(file, "y", "--bucket", "x", "--max-categories", "500").Succeeds();
    }

    [TestMethod]
    public void Warnings_of_data_are_the_same_in_text_JSON_report_and_comparison()
    {
        using TestFolder folder = new();
        string file = folder.Write("dates.csv", Csv(i => $"2024-{1 + (i % 12):00}-01"));
        Outcome json = Tool.Train(file, "y", "--report", folder["r.html"]).Succeeds();
        string warning = json.Json.GetProperty("warnings").EnumerateArray().Single().GetString()!;
        Assert.StartsWith("column 'x' looks like dates or times, such as '2024-01-01' in line 2: its 12 texts are categories", warning);
        Assert.Contains("with --drop", warning);
        Assert.AreEqual($"onepass: warning: {warning}\n", json.Error);
        Assert.Contains("Warning: column &#39;x&#39; looks like dates".Replace("&#39;", ""), File.ReadAllText(folder["r.html"]).Replace("&#39;", "").Replace("'", ""));
        Assert.AreEqual(json.Error, Tool.Run("train", "--data", file, "--label", "y", "--steps", "20", "--hidden-layers", "none").Succeeds().Error);
        Outcome compared = Tool.Run("compare", "--data", file, "--label", "y", "--steps", "20", "--repeats", "1", "--multiples", "1", "--searches", "random", "--hidden-layers", "none", "--json").Succeeds();
        Assert.AreEqual(json.Error, compared.Error);
        Assert.AreEqual(warning, compared.Json.GetProperty("warnings").EnumerateArray().Single().GetString());
    }
}
