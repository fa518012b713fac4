using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PreparationPropertyTests
{
    private static readonly double[] _numbers = [0, 1, -1, 0.5, 1e-30, 1e30, -1e30, 1e300, -1.7e308, 1.7e308, 5e-324, 1e-310, double.NaN];
    private static readonly string?[] _texts = ["a", "b", "c", "1", "2.5", "1e400", "", null, "94%", "None", "true", "2,5", "-"];

    [TestMethod]
    public void Any_table_becomes_finite_examples_or_an_error_that_says_why()
    {
        int prepared = 0;
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            Table table = RandomTable(random, random.Next(1, 80));
            DataOptions options = new()
            {
                LabelColumn = table.Columns[^1].Name,
                Task = random.Next(2) == 0 ? null : (LearningTask)random.Next(3),
                WeightColumn = random.Next(6) == 0 ? table.Columns[0].Name : null,
                Seed = seed,
            };
            try
            {
                PreparedData<float> data = DataPreparation.Prepare<float>(table, options);
                prepared++;
                foreach (Examples<float> part in new[] { data.Train, data.Validation, data.Test! })
                    Assert.IsTrue(part.Features.Concat(part.Targets).All(float.IsFinite));
                Assert.AreEqual(table.RowCount, data.SkippedRows + data.TrainRows.Count + data.ValidationRows.Count + data.TestRows.Count);
                if (data.Task == LearningTask.Regression)
                    Assert.IsTrue(double.IsFinite(data.Target.DecodeValue(Standardization.MaximumMagnitude)));
            }
            catch (DataFormatException error)
            {
                Assert.IsTrue(error.Message.TrimEnd().EndsWith('.') || error.Message.EndsWith('?'), error.Message);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
        Assert.IsGreaterThan(50, prepared);
    }

    [TestMethod]
    public void A_column_that_is_nearly_all_numbers_never_becomes_categories_unasked()
    {
        string[] odd = ["", "NA", "None", "<NA>", "#N/A", "-nan", "-1.#IND", "-", ".", "n.a.", "missing", "4O", "abc", "94%", "$5", "5 €", "45 years", "12 kg", "\"2,5\"", "\"1,234\"", "−5", "(5)", "<5", "5+", "true", "2024-06-01", "10:30", "0x1F", "1e400", "inf", "007", "100000000000000001", "\"\""];
        int named = 0, numbers = 0;
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            int rows = random.Next(30, 90), kinds = random.Next(1, 4);
            string[] words = [.. Enumerable.Range(0, kinds).Select(_ => odd[random.Next(odd.Length)])];
            double scale = Math.Pow(10, random.Next(3));
            bool isLabel = random.Next(3) == 0;
            // Fewer than one in ten.
            HashSet<int> spoilt = [.. Enumerable.Range(0, random.Next(1, (rows / 10) + 1)).Select(_ => random.Next(rows))];
            string content = "x,z,y\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
            {
                string cell = spoilt.Contains(row) ? words[row % kinds] : TestText(Math.Round(random.NextDouble() * scale, random.Next(3)));
                return $"{(isLabel ? TestText(random.NextDouble()) : cell)},{TestText(random.NextDouble())},{(isLabel ? cell : TestText(random.NextDouble()))}\n";
            }));
            try
            {
                PreparedData<float> data = DataPreparation.Prepare<float>(DataTestFiles.Load(content), new DataOptions { LabelColumn = "y" });
                Assert.IsFalse(data.Features.FeatureNames.Any(name => name.Contains('=', StringComparison.Ordinal)), content);
                Assert.IsTrue(data.Task == LearningTask.Regression || data.Target.ClassesAreNumbers || data.Warnings.Count > 0, content);
                numbers++;
            }
            catch (DataFormatException error)
            {
                Assert.IsTrue(error.Column is not null && error.Message.TrimEnd().EndsWith('.'), error.Message);
                named++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
        Assert.IsGreaterThan(50, named);
        Assert.IsGreaterThan(50, numbers);
    }

    private static string TestText(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static Table RandomTable(Random random, int rows)
    {
        TableColumn[] columns = new TableColumn[random.Next(2, 6)];
        for (int i = 0; i < columns.Length; i++)
        {
            int variety = random.Next(1, 14);
            bool noise = random.Next(2) == 0;
            columns[i] = random.Next(4) > 0
                ? new TableColumn($"c{i}", [.. Enumerable.Range(0, rows).Select(_ => noise ? random.NextDouble() : _numbers[random.Next(variety) % _numbers.Length])])
                : new TableColumn($"c{i}", [.. Enumerable.Range(0, rows).Select(_ => _texts[random.Next(variety) % _texts.Length])]);
        }
        return new Table(columns);
    }
}
