using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Models on tables that are not quite those that they were trained on.</summary>
[TestClass]
public sealed class OnePassModelTests
{
    private static IEnumerable<object[]> AllTasks => Enum.GetValues<LearningTask>().Select(task => new object[] { task });

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Only_the_columns_that_it_learned_from_matter(LearningTask task)
    {
        OnePassModel model = TrainedModels.Of(task);
        Table table = TrainingTables.Create(task, 40);
        double[] expected = TrainedModels.Numbers(model.Predict(table));
        Table bare = table.Without("y");
        Table reordered = new([.. bare.Columns.Reverse()]);
        Table more = bare.With(new TableColumn("z", new double[40])).With(new TableColumn("y", new string?[40]));
        foreach (Table other in new[] { bare, reordered, more })
            CollectionAssert.AreEqual(expected, TrainedModels.Numbers(model.Predict(other)));
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void A_row_is_scored_alone_as_among_others(LearningTask task)
    {
        OnePassModel model = TrainedModels.Of(task);
        Table table = TrainingTables.Create(task, 40);
        double[] all = TrainedModels.Numbers(model.Predict(table));
        int width = all.Length / 40;
        foreach (int row in new[] { 0, 7, 39 })
        {
            double[] alone = TrainedModels.Numbers(model.Predict(table.Select([row])));
            for (int c = 0; c < width; c++)
                Assert.AreEqual(all[(row * width) + c], alone[c], 1e-12 * Math.Abs(all[(row * width) + c]));
        }
        Assert.AreEqual(0, model.Predict(table.Select([])).Rows);
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void What_was_never_seen_gets_a_finite_prediction(LearningTask task)
    {
        OnePassModel model = TrainedModels.Of(task);
        Table table = TrainingTables.Create(task, 6)
            .With(new TableColumn("a", [double.NaN, 0.5, 1e6, -1e6, 0, double.NaN]))
            .With(new TableColumn("kind", ["red", "violet", null, "", "blue", null]));
        Predictions predictions = model.Predict(table);
        Assert.AreEqual(6, predictions.Rows);
        Assert.IsTrue(TrainedModels.Numbers(predictions).All(double.IsFinite));
        if (task == LearningTask.Regression)
            return;
        for (int row = 0; row < 6; row++)
        {
            Assert.AreEqual(1, Enumerable.Range(0, predictions.ClassNames.Count).Sum(c => predictions.Probability(row, c)), 1e-12);
            Assert.Contains(predictions.Class(row), predictions.ClassNames);
        }
    }

    [TestMethod]
    public void A_missing_number_is_the_mean_and_an_unseen_text_is_like_a_missing_one()
    {
        OnePassModel model = TrainedModels.Of(LearningTask.Regression);
        double mean = model.Features.Standardization.Offsets[0];
        Table table = TrainingTables.Create(LearningTask.Regression, 2);
        double[] values = [.. model.Predict(table.With(new TableColumn("a", [double.NaN, mean])).Select([0, 1])).Values];
        double[] same = [.. model.Predict(table.With(new TableColumn("a", [mean, mean]))).Values];
        CollectionAssert.AreEqual(same, values);
        CollectionAssert.AreEqual(
            model.Predict(table.With(new TableColumn("kind", ["violet", "violet"]))).Values.ToArray(),
            model.Predict(table.With(new TableColumn("kind", new string?[2]))).Values.ToArray());
    }

    [TestMethod]
    public void A_table_that_cannot_be_scored_is_refused_with_the_column_at_fault()
    {
        OnePassModel model = TrainedModels.Of(LearningTask.Binary);
        Table table = TrainingTables.Create(LearningTask.Binary, 3);
        Assert.AreEqual("a", Fails(() => model.Predict(table.Without("a")), "'a'").Column);
        Fails(() => model.Predict(table.Without("kind").With(new TableColumn("Kind", ["red", "red", "blue"]))), "Did you mean 'Kind'?");
        Assert.AreEqual("b", Fails(() => model.Predict(table.With(new TableColumn("b", ["x", "y", "z"])))).Column);
        DataFormatException infinite = Fails(() => model.Predict(table.With(new TableColumn("b", [0, double.NegativeInfinity, 0]))));
        Assert.AreEqual(("b", 2), (infinite.Column, infinite.Line));
    }

    [TestMethod]
    public void Evaluation_leaves_rows_without_a_label_out_and_needs_one()
    {
        OnePassModel model = TrainedModels.Of(LearningTask.Binary);
        Table table = TrainingTables.Create(LearningTask.Binary, 30);
        string?[] labels = table.Texts("y");
        labels[3] = labels[4] = null;
        Assert.AreEqual(28, model.Evaluate(table.With(new TableColumn("y", labels))).Rows);
        Fails(() => model.Evaluate(table.With(new TableColumn("y", new string?[30]))), "no row has a label");
        Fails(() => model.Evaluate(table.Without("y")), "'y'");
        labels[3] = "perhaps";
        Fails(() => model.Evaluate(table.With(new TableColumn("y", labels))), "'perhaps'", "row 4");
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Several_threads_may_use_one_model(LearningTask task)
    {
        OnePassModel model = TrainedModels.Of(task);
        Table table = TrainingTables.Create(task, 500);
        double[] expected = TrainedModels.Numbers(model.Predict(table));
        Parallel.For(0, 20, _ => CollectionAssert.AreEqual(expected, TrainedModels.Numbers(model.Predict(table))));
    }
}
