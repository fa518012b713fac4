using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

/// <summary>Data of any scale and of hardly any rows: never NaN, and where the data are but scaled never a worse model.</summary>
[TestClass]
public sealed class OnePassRobustnessTests
{
    private static IEnumerable<object[]> AllTasks => EveryTask;

    private static double[] Scales { get; } = [1e-30, 1e-12, 1e-3, 1, 1e6, 1e15, 1e30];

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void The_scale_of_the_features_does_not_matter(LearningTask task)
    {
        double expected = Train(task).Test!.Error;
        foreach (double scale in Scales)
        {
            Table table = TrainingTables.Create(task, featureScale: scale);
            OnePassResult result = OnePass.Train(table, TrainingTables.Options, Small);
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
            IsUsable(result, table);
            Assert.AreEqual(expected, result.Test!.Error, 0.01 * expected, $"{scale}");
        }
    }

    [TestMethod]
    public void The_scale_of_the_label_does_not_matter()
    {
        double expected = Train(LearningTask.Regression).Test!.Error;
        foreach (double scale in Scales.Concat(Scales.Select(s => -s)))
        {
            Table table = TrainingTables.Create(LearningTask.Regression, featureScale: 1 / scale, labelScale: scale);
            OnePassResult result = OnePass.Train(table, TrainingTables.Options, Small);
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
            IsUsable(result, table);
            // Another sign is another problem for the same initial weights.
            Assert.AreEqual(expected * Math.Abs(scale), result.Test!.Error, (scale > 0 ? 0.01 : 3) * expected * Math.Abs(scale), $"{scale}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Features_that_do_not_vary_or_are_far_from_zero_do_no_harm(LearningTask task)
    {
        Table table = TrainingTables.Create(task)
            .With(new TableColumn("constant", [.. Enumerable.Repeat(1e30, 120)]))
            .With(new TableColumn("once", [.. Enumerable.Range(0, 120).Select(i => i == 7 ? 1e12 : 0.0)]))
            .With(new TableColumn("year", [.. Enumerable.Range(0, 120).Select(i => 1e9 + i)]))
            .With(new TableColumn("same", [.. Enumerable.Repeat("text", 120)]))
            .With(new TableColumn("gaps", [.. Enumerable.Range(0, 120).Select(i => i % 3 == 0 ? double.NaN : i)]));
        OnePassResult result = OnePass.Train(table, TrainingTables.Options, Small);
        CollectionAssert.IsSubsetOf(new[] { "constant", "same" }, result.Model.Features.DroppedColumns.ToArray());
        IsUsable(result, table);
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void One_feature_is_enough(LearningTask task)
    {
        Table table = TrainingTables.Create(task).Without("b", "kind");
        OnePassResult result = OnePass.Train(table, TrainingTables.Options, Small);
        Assert.AreEqual(1, result.Model.Features.FeatureCount);
        IsUsable(result, table);
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void A_handful_of_rows_is_learned_or_refused_with_a_sentence(LearningTask task)
    {
        for (int rows = 1; rows <= 20; rows++)
        {
            foreach (NamedChoice method in HypergradientMethods.All)
            {
                Table table = TrainingTables.Create(task, rows).Without("kind");
                try
                {
                    OnePassResult result = OnePass.Train(table, TrainingTables.Options with { Task = task }, Small with { Method = HypergradientMethods.Create(method.Name), Steps = 30 });
                    IsUsable(result, table);
                }
                catch (DataFormatException e)
                {
                    Assert.IsLessThan(12, rows, e.Message);
                    Assert.EndsWith(".", e.Message);
                }
            }
        }
    }

    [TestMethod]
    public void Wild_hyperparameters_end_in_a_status_and_a_usable_model()
    {
        // One value of the last column stands alone: at a large learning rate its row throws the weights far away.
        Table table = TrainingTables.Create(LearningTask.Regression).With(new TableColumn("wild", [.. Enumerable.Range(0, 120).Select(i => i == 7 ? 1e10 : i)]));
        foreach (double learningRate in new[] { 1e-10, 1 })
        {
            foreach (double momentum in new[] { 0.01, 0.999 })
            {
                Dictionary<string, double> initial = new() { [Hyperparameter.LearningRate] = learningRate, [Hyperparameter.Momentum] = momentum };
                foreach (NamedChoice method in HypergradientMethods.All)
                    IsUsable(OnePass.Train(table, TrainingTables.Options, Small with { Method = HypergradientMethods.Create(method.Name), Initial = initial }), table);
            }
        }
    }
}
