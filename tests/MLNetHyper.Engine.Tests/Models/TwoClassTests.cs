namespace MLNetHyper.Engine.Tests;

/// <summary>Two classes may be a binary task, of one logit, or a multiclass task, of two.</summary>
[TestClass]
public sealed class TwoClassTests
{
    private static IEnumerable<object[]> Tasks => [[LearningTask.Binary, 1], [LearningTask.Multiclass, 2]];

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Two_classes_are_learned_and_scored_as_either_task(LearningTask task, int outputs)
    {
        Table table = TrainingTables.Create(LearningTask.Binary, rows: 300);
        OnePassResult result = OnePass.Train(table, TrainingTables.Options with { Task = task }, OnePassRuns.Small);
        Assert.AreEqual(outputs, result.Model.Architecture.Outputs);
        Assert.IsGreaterThan(0.9, result.Test!.Accuracy!.Value);
        Assert.IsLessThan(0.3, result.Test.LogLoss!.Value);
        Assert.IsGreaterThan(0.9, result.Test.Auc!.Value);
        OnePassRuns.IsUsable(result, table);
        using var folder = new TemporaryFolder();
        result.Model.Save(folder["model"]);
        Predictions predictions = OnePassModel.Load(folder["model"]).Predict(table);
        Assert.HasCount(2 * table.RowCount, predictions.Probabilities);
        for (int row = 0; row < table.RowCount; row++)
            Assert.AreEqual(1, predictions.Probabilities[2 * row] + predictions.Probabilities[(2 * row) + 1], 1e-12);
    }

    [TestMethod]
    public void A_single_row_of_either_task_has_two_probabilities()
    {
        Table table = TrainingTables.Create(LearningTask.Binary), one = table.Select([5]);
        foreach (LearningTask task in new[] { LearningTask.Binary, LearningTask.Multiclass })
            Assert.HasCount(2, OnePass.Train(table, TrainingTables.Options with { Task = task }, OnePassRuns.Small).Model.Predict(one).Probabilities);
    }

    [TestMethod]
    public void Searches_judge_two_classes_as_either_task()
    {
        foreach (LearningTask task in new[] { LearningTask.Binary, LearningTask.Multiclass })
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(LearningTask.Binary, rows: 300), TrainingTables.Options with { Task = task });
            var problem = new RestartProblem(data, OnePassRuns.Small, seed: 1);
            RestartRun run = problem.Start(new(0.1, 1e-4, 0.9), 0);
            run.RunTo(problem.Steps, default);
            Assert.AreEqual(Math.Log(2), problem.MeanLoss, 0.1, "of a coin");
            Assert.IsLessThan(0.3, run.TestError(), $"{task}");
        }
    }
}
