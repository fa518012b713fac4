using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class DataPreparationTests
{
    private static Table Grid(int rows) => new(
        new TableColumn("x", [.. Enumerable.Range(0, rows).Select(i => (double)i)]),
        new TableColumn("kind", [.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? "a" : "b")]),
        new TableColumn("y", [.. Enumerable.Range(0, rows).Select(i => i * 0.5)]));

    private static readonly DataOptions _y = new() { LabelColumn = "y" };

    [TestMethod]
    public void The_defaults_divide_80_10_10_and_leave_the_label_out()
    {
        PreparedData<float> data = DataPreparation.Prepare<float>(Grid(100), _y);
        Assert.AreEqual(LearningTask.Regression, data.Task);
        Assert.AreEqual(80, data.Train.Count);
        Assert.AreEqual(10, data.Validation.Count);
        Assert.AreEqual(10, data.Test!.Count);
        Assert.AreEqual("x | kind=a | kind=b | kind is other or missing", string.Join(" | ", data.Features.FeatureNames));
        Assert.AreEqual(4, data.Train.FeatureCount);
        Assert.IsNull(data.Train.Weights);
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), data.TrainRows.Concat(data.ValidationRows).Concat(data.TestRows).Order().ToArray());
    }

    [TestMethod]
    public void Examples_are_the_rows_that_they_claim_to_be()
    {
        Table table = Grid(60);
        PreparedData<double> data = DataPreparation.Prepare<double>(table, _y with { Seed = 5 });
        for (int i = 0; i < data.Validation.Count; i++)
        {
            int row = data.ValidationRows[i];
            Assert.AreEqual(row * 0.5, data.Target.DecodeValue(data.Validation.Targets[i]), 1e-12);
            Assert.AreEqual(row, data.Features.Standardization.Invert(data.Validation.Features[i * 4], 0), 1e-12);
        }
    }

    [TestMethod]
    public void Statistics_come_from_training_rows_or_also_from_validation_rows()
    {
        DataOptions options = _y with { RowOrder = new RowCounts(4, 2, 4), IgnoredColumns = ["kind"] };
        PreparedData<double> train = DataPreparation.Prepare<double>(Grid(10), options);
        Assert.AreEqual(1.5, train.Features.Standardization.Offsets[0]);
        Assert.AreEqual(0.75, train.Target.Standardization.Offsets[0]);
        PreparedData<double> both = DataPreparation.Prepare<double>(Grid(10), options with { StatisticsFrom = StatisticsRows.TrainAndValidation });
        Assert.AreEqual(2.5, both.Features.Standardization.Offsets[0]);
        Assert.AreEqual(1.25, both.Target.Standardization.Offsets[0]);
        CollectionAssert.AreEqual(Enumerable.Range(6, 4).ToArray(), both.TestRows.ToArray());
    }

    [TestMethod]
    public void Rows_without_label_or_weight_are_skipped_and_counted()
    {
        Table table = Load("x,y,w\n1,2,1\n2,,1\n3,5,\n4,1,2\n5,3,0\n6,9,1\n");
        PreparedData<double> data = DataPreparation.Prepare<double>(table, _y with { WeightColumn = "w", RowOrder = new RowCounts(4, 2, 0) });
        Assert.AreEqual(2, data.SkippedRows);
        CollectionAssert.AreEqual(new List<int> { 0, 3 }, data.TrainRows.ToList());
        CollectionAssert.AreEqual(new List<double> { 1, 2 }, data.Train.Weights!.ToList());
        CollectionAssert.AreEqual(new List<double> { 0, 1 }, data.Validation.Weights!.ToList());
        Assert.IsNull(data.Test);
        Assert.AreEqual(1, data.Features.FeatureCount);
    }

    [TestMethod]
    public void Test_rows_may_come_from_another_table()
    {
        Table test = Load("y,kind,x\n1,b,2\n,a,3\n3,c,4\n");
        PreparedData<double> data = DataPreparation.Prepare<double>(Grid(20), _y with { TestTable = test });
        Assert.AreEqual(20, data.Train.Count + data.Validation.Count);
        CollectionAssert.AreEqual(new List<int> { 0, 2 }, data.TestRows.ToList());
        Assert.AreEqual(1, data.SkippedRows);
        CollectionAssert.AreEqual(new List<double> { 0, 0, 1 }, data.Test!.Features[5..8].ToList());
    }

    [TestMethod]
    public void Classes_are_shared_out_and_a_rare_one_is_trained()
    {
        string[] labels = [.. Enumerable.Range(0, 90).Select(i => i == 50 ? "rare" : i % 3 == 0 ? "a" : "b")];
        Table table = new(new TableColumn("x", [.. Enumerable.Range(0, 90).Select(i => (double)i)]), new TableColumn("label", labels));
        PreparedData<float> data = DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "label" });
        Assert.AreEqual(LearningTask.Multiclass, data.Task);
        CollectionAssert.Contains(data.TrainRows.ToList(), 50);
        Assert.AreEqual(3, data.Test!.Targets.Count(target => target == 0));
    }

    [TestMethod]
    public void Too_few_rows()
    {
        Fails(() => DataPreparation.Prepare<float>(Grid(3), _y with { TestFraction = 0.4 }), "3 usable rows give 1 for validation, 1 for test and 1 for training, but training needs at least 2", "Add rows");
        Fails(() => DataPreparation.Prepare<float>(Grid(10), _y with { RowOrder = new RowCounts(5, 2, 2) }), "the row counts 5 + 2 + 2 make 9, but there are 10 rows.");
        Table table = Load("x,y\n1,1\n2,2\n3,3\n4,\n5,5\n");
        Fails(() => DataPreparation.Prepare<float>(table, _y with { RowOrder = new RowCounts(3, 1, 1) }), "4 usable rows give 3 for training and 0 for validation");
    }

    [TestMethod]
    public void Fewer_rows_than_features()
    {
        Table table = Load("city,x,y\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"city {i},{i},{i}\n")));
        OnePassResult result = OnePass.Train(table, _y, new() { Steps = 20 });
        Assert.Contains(warning => warning.StartsWith("20 training rows are fewer than the 22 features, of which column 'city' alone makes 21: many models fit these rows", StringComparison.Ordinal), result.Warnings);
        Assert.IsTrue(double.IsFinite(result.Test!.Error));
    }

    [TestMethod]
    public void A_spoilt_number_is_found_in_whichever_part_it_lies()
    {
        Table table = Load("x,y\n" + string.Concat(Enumerable.Range(2, 60).Select(line => $"{(line == 61 ? "abc" : line)},{line}\n")));
        Fails(() => DataPreparation.Prepare<float>(table, _y with { RowOrder = new RowCounts(40, 10, 10) }), "column 'x' looks like numbers except 'abc' in line 61");
    }

    [TestMethod]
    public void Columns_that_contradict_each_other()
    {
        Fails(() => DataPreparation.Prepare<float>(Grid(10), new DataOptions { LabelColumn = "z" }), "there is no column 'z'. The columns are 'x'");
        Fails(() => DataPreparation.Prepare<float>(Grid(10), _y with { IgnoredColumns = ["y"] }), "the label is also ignored");
        Fails(() => DataPreparation.Prepare<float>(Grid(10), _y with { IgnoredColumns = ["kin"] }), "Did you mean 'kind'?");
        Fails(() => DataPreparation.Prepare<float>(Grid(10), _y with { WeightColumn = "y" }), "the column is both label and weight");
        Fails(() => DataPreparation.Prepare<float>(Grid(10), _y with { WeightColumn = "kind" }), "row 1, column 'kind': 'a' is not a number");
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("1e31")]
    public void Weights_out_of_range(string weight)
    {
        Table table = Load($"x,y,w\n1,2,1\n2,4,{weight}\n3,5,1\n4,1,2\n");
        Fails(() => DataPreparation.Prepare<float>(table, _y with { WeightColumn = "w", RowOrder = new RowCounts(3, 1, 0) }), "line 3, column 'w': the weight", "is not between 0 and 1e30");
    }

    [TestMethod]
    public void Weights_of_nothing()
    {
        Table table = Load("x,y,w\n1,2,1\n2,4,1\n3,5,0\n");
        Fails(() => DataPreparation.Prepare<float>(table, _y with { WeightColumn = "w", RowOrder = new RowCounts(2, 1, 0) }), "all weights of the validation rows are 0");
    }

    [TestMethod]
    public void Labels_that_cannot_be_learned()
    {
        Fails(() => DataPreparation.Prepare<float>(Load("x,y\n1,\n2,\n"), _y), "all labels (or all weights) are missing");
        Fails(() => DataPreparation.Prepare<float>(Load("x,y\n1,a\n2,a\n"), _y), "there is only one class, 'a'");
        Table sorted = Load("x,y\n1,a\n2,a\n3,b\n4,b\n");
        Fails(() => DataPreparation.Prepare<float>(sorted, _y with { RowOrder = new RowCounts(2, 1, 1) }), "all 2 training rows have the class 'a'. Divide the rows at random");
    }

    [TestMethod]
    public void Options_out_of_range()
    {
        foreach (DataOptions options in new[] { _y with { ValidationFraction = 0 }, _y with { ValidationFraction = double.NaN }, _y with { TestFraction = 1 }, _y with { TestFraction = -0.1 }, _y with { RowOrder = new RowCounts(1, 1, 1) }, _y with { RowOrder = new RowCounts(5, 0, 1) }, _y with { MaximumCategories = 0 } })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DataPreparation.Prepare<float>(Grid(10), options));
        Assert.ThrowsExactly<ArgumentException>(() => DataPreparation.Prepare<float>(Grid(10), _y with { RowOrder = new RowCounts(5, 3, 2), TestTable = Grid(3) }));
    }
}
