using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class TaskInferenceTests
{
    private static LearningTask Infer(params double[] labels) => DataPreparation.InferTask(new Table(new TableColumn("y", labels)), "y");

    private static LearningTask Infer(params string?[] labels) => DataPreparation.InferTask(new Table(new TableColumn("y", labels)), "y");

    [TestMethod]
    public void Two_different_values_are_binary()
    {
        Assert.AreEqual(LearningTask.Binary, Infer("yes", "no", null, "yes"));
        Assert.AreEqual(LearningTask.Binary, Infer(0, 1, 1, double.NaN));
        Assert.AreEqual(LearningTask.Binary, Infer(2.5, -1));
    }

    [TestMethod]
    public void More_texts_are_multiclass()
    {
        Assert.AreEqual(LearningTask.Multiclass, Infer("a", "b", "c"));
    }

    [TestMethod]
    public void Few_integers_that_recur_are_multiclass()
    {
        Assert.AreEqual(LearningTask.Multiclass, Infer(1, 2, 3, 1, 2, 3));
        Assert.AreEqual(LearningTask.Multiclass, Infer([.. Enumerable.Range(0, 20).Select(i => (double)(i % 10))]));
    }

    [TestMethod]
    public void Other_numbers_are_regression()
    {
        Assert.AreEqual(LearningTask.Regression, Infer(1, 2, 3, 4, 5));
        Assert.AreEqual(LearningTask.Regression, Infer(1, 2, 3.5, 1, 2, 3.5));
        Assert.AreEqual(LearningTask.Regression, Infer([.. Enumerable.Range(0, 220).Select(i => (double)(i % 11))]));
        Assert.AreEqual(LearningTask.Regression, Infer(7, 7, 7));
    }

    [TestMethod]
    public void Numbers_spoilt_by_a_text_are_no_classes()
    {
        string labels = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"{i},{(i == 30 ? "abc" : i)}"));
        Table table = Load("x,y\n" + labels);
        Fails(() => DataPreparation.InferTask(table, "y"), "column 'y' looks like numbers except 'abc' in line 31. Correct it", "If the label's texts are classes, set DataOptions.Task, or name it in CsvOptions.TextColumns.");
    }

    [TestMethod]
    public void The_sample_data_are_regression()
    {
        foreach (ReferenceDataset dataset in ReferenceDataset.All)
            Assert.AreEqual(LearningTask.Regression, DataPreparation.InferTask(Sample(dataset), "y"), dataset.Name);
    }
}
