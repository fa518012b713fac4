using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>What is nearly all numbers is numbers, and a cell that is not is named: no column turns into categories unasked.</summary>
[TestClass]
public sealed class ColumnKindTests
{
    private const int Rows = 60;
    private static readonly DataOptions _y = new() { LabelColumn = "y" };

    /// <summary>A column x of the given cells, over and over, beside a number z and a label y.</summary>
    private static string Csv(params string[] cells) =>
        "x;z;y\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{cells[i % cells.Length]};{i * 7919 % 101};{(i * 31 % 17) + 0.5}\n"));

    /// <summary>23 numbers, but for some rows.</summary>
    private static string[] Numbers(string other, params int[] rows) => [.. Enumerable.Range(0, Rows).Select(i => rows.Contains(i) ? other : $"{7 * i % 23}")];

    private static PreparedData<float> Prepare(string csv, CsvOptions? options = null) => DataPreparation.Prepare<float>(Load(csv, options), _y);

    [TestMethod]
    [DataRow("4O", "except '4O' in line 5")]
    [DataRow("45 years", "except '45 years' in line 5")]
    [DataRow("abc", "except 'abc' in line 5")]
    [DataRow("-", "except '-' in line 5")]
    [DataRow("40.0.1", "except '40.0.1' in line 5")]
    [DataRow("0x1F", "'0x1F' in line 5")]
    public void One_cell_of_many(string cell, string part)
    {
        DataFormatException error = Fails(() => Prepare(Csv(Numbers(cell, 3))), $"column 'x' looks like numbers", part, "CsvOptions.TextColumns", "DataOptions.IgnoredColumns");
        Assert.AreEqual("x", error.Column);
        Assert.DoesNotContain("--", error.Message);
        PreparedData<float> text = Prepare(Csv(Numbers(cell, 3)), new CsvOptions { TextColumns = ["x"] });
        Assert.Contains($"x={cell}", text.Features.FeatureNames);
    }

    [TestMethod]
    [DataRow("-")]
    [DataRow(".")]
    [DataRow("n.a.")]
    [DataRow("missing")]
    [DataRow("#DIV/0!")]
    [DataRow("odd")]
    public void One_word_at_any_share(string word)
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => i % 4 != 0)];
        Fails(() => Prepare(Csv(Numbers(word, rows))), $"column 'x' looks like numbers except '{word}' in 45 rows, first in line 3. Correct them, or leave the cells empty");
    }

    [TestMethod]
    [DataRow(new[] { "94%", "36%", "90%" }, "numbers with '%', such as '94%' in line 2. Write the numbers alone")]
    [DataRow(new[] { "5 %", "7 %" }, "numbers with '%'")]
    [DataRow(new[] { "$250.00", "$50.00", "-$3" }, "numbers with '$'")]
    [DataRow(new[] { "250 €", "3 €" }, "numbers with '€'")]
    [DataRow(new[] { "EUR 250", "EUR 3" }, "numbers with 'EUR'")]
    [DataRow(new[] { "1.250,50 €", "3,10 €" }, "numbers with '€'")]
    [DataRow(new[] { "45 years", "1 year", "12 years" }, "numbers with the unit 'years'")]
    [DataRow(new[] { "36 months", "60 months" }, "numbers with the unit 'months'")]
    [DataRow(new[] { "12kg", "7.5kg", "9kg" }, "numbers with the unit 'kg'")]
    [DataRow(new[] { "0,5", "1,5" }, "numbers with decimal commas, such as '0,5' in line 2. Write decimal points")]
    [DataRow(new[] { "9,479", "3,657" }, "numbers with decimal commas")]
    [DataRow(new[] { "1.234,5", "9,1" }, "numbers with decimal commas")]
    [DataRow(new[] { "1,234,567", "5,678" }, "numbers with thousands separators, such as '1,234,567' in line 2. Remove the separators")]
    [DataRow(new[] { "1,234.5", "5,678.25" }, "numbers with thousands separators")]
    [DataRow(new[] { "1.234.567", "2.234.567" }, "numbers with thousands separators")]
    [DataRow(new[] { "12 345", "1 234" }, "numbers with thousands separators")]
    [DataRow(new[] { "12'345", "1'234" }, "numbers with thousands separators")]
    [DataRow(new[] { "(5.00)", "(6.50)" }, "numbers with brackets, such as '(5.00)' in line 2. Write a minus sign")]
    [DataRow(new[] { "<0.5", "1.5", "2.5" }, "numbers with '<'")]
    [DataRow(new[] { "10,000+", "5+" }, "numbers with '+'")]
    public void Numbers_with_something_around_them(string[] cells, string part)
    {
        Fails(() => Prepare(Csv(cells)), $"column 'x' looks like {part}");
        Assert.Contains($"x={cells[0]}", Prepare(Csv(cells), new CsvOptions { TextColumns = ["x"] }).Features.FeatureNames);
        // As a label no less.
        if (cells.Length > 2)
            Fails(() => DataPreparation.InferTask(Load(Csv(cells)), "x"), $"column 'x' looks like {part}");
        Fails(() => Load(Csv(cells), new CsvOptions { NumericColumns = ["x"] }), "column 'x': ", " is a number with ");
    }

    [TestMethod]
    public void A_comma_before_three_digits_is_a_thousands_separator_where_commas_separate()
    {
        string csv = "x,y\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"\"{(i % 40) + 1},{100 + i}\",{i}\n"));
        Fails(() => Prepare(csv), "column 'x' looks like numbers with thousands separators, such as '1,100' in line 2. Remove the separators");
    }

    [TestMethod]
    [DataRow(new[] { "S", "M", "38", "L" })]
    [DataRow(new[] { "1Story", "2Story", "1.5Fin", "SLvl" })]
    [DataRow(new[] { "1st", "2nd", "3rd", "4th" })]
    [DataRow(new[] { "4wd", "2wd" })]
    [DataRow(new[] { "None", "Brick", "Stone" })]
    [DataRow(new[] { "18-25", "26-35", "65+" })]
    [DataRow(new[] { "A1", "B2", "7" })]
    public void Names_that_have_numbers_in_them_stay_names(string[] cells)
    {
        PreparedData<float> data = Prepare(Csv(cells));
        foreach (string cell in cells)
            Assert.Contains($"x={cell}", data.Features.FeatureNames);
        Assert.IsFalse(data.Warnings.Any(warning => warning.Contains("'x'", StringComparison.Ordinal)), string.Join('\n', data.Warnings));
    }

    [TestMethod]
    public void Half_numbers_become_categories_with_a_warning()
    {
        PreparedData<float> data = Prepare(Csv("38", "40", "42", "S", "M"));
        Assert.Contains("x=38", data.Features.FeatureNames);
        Assert.IsTrue(data.Warnings.Any(warning => warning.Contains("column 'x' is to 60 % numbers, the first other cell being 'S' in line 5", StringComparison.Ordinal) && warning.Contains("CsvOptions.NumericColumns", StringComparison.Ordinal)));
        Assert.IsFalse(Prepare(Csv("38", "40", "42", "S", "M"), new CsvOptions { TextColumns = ["x"] }).Warnings.Any(warning => warning.Contains("60 %", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Texts_from_memory_are_judged_alike()
    {
        string[] cells = Numbers("4O", 3);
        Table Table(bool meant) => new(new TableColumn("x", cells) { MeantAsText = meant }, new TableColumn("y", [.. Enumerable.Range(0, Rows).Select(i => i * 31 % 17 + 0.5)]));
        Fails(() => DataPreparation.Prepare<float>(Table(false), _y), "column 'x' looks like numbers except '4O' in row 4", "set TableColumn.MeantAsText");
        Assert.Contains("x=4O", DataPreparation.Prepare<float>(Table(true), _y).Features.FeatureNames);
    }

    [TestMethod]
    public void Too_many_texts_say_what_they_look_like()
    {
        string Many(Func<int, string> cell) => "x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{cell(i)},{i % 7}.5\n"));
        Fails(() => Prepare(Many(i => i % 5 == 0 ? $"k{i}" : $"{i}")), "has 300 different texts", "and is to 80 % numbers, the first other cell being 'k0' in line 2");
        Fails(() => Prepare(Many(i => $"{1 + (i % 28):00}/{1 + (i / 28):00}/2023")), "and looks like dates or times, such as '01/01/2023' in line 2");
    }

    [TestMethod]
    [DataRow("2019-01", "2019-02")]
    [DataRow("2019-01-31", "2019-02-28")]
    [DataRow("31.01.2019", "28.02.2019")]
    [DataRow("01/31/19", "02/28/19")]
    [DataRow("10:30", "23:59")]
    [DataRow("2023-05-01T00:00:00Z", "2023-05-01 01:00:00.5")]
    [DataRow("5 Jan 2024", "6 Feb 2024")]
    [DataRow("Jan-24", "Feb-24")]
    [DataRow("2024Q1", "2024Q2")]
    public void Dates_and_times_are_warned_of(string first, string second)
    {
        Assert.IsTrue(Prepare(Csv(first, second)).Warnings.Any(warning => warning.Contains($"column 'x' looks like dates or times, such as '{first}' in line 2: its 2 texts are categories", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_typographic_minus_is_a_minus()
    {
        HasNumbers(Load("x,y\n−9.48,1\n1e−2,2\n3,3\n"), "x", -9.48, 0.01, 3);
        Assert.IsTrue(Prepare(Csv("−9.48", "3.5", "7")).Warnings.Any(warning => warning.Contains("column 'x' has 20 numbers with the minus sign U+2212, the first of them '−9.48' in line 2", StringComparison.Ordinal)));
    }
}
