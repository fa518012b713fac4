namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ValidationSplitTests
{
    [TestMethod]
    public void Rows_are_divided_as_a_table_s_are()
    {
        foreach (LearningTask task in Enum.GetValues<LearningTask>())
        {
            foreach (int rows in (int[])[20, 21, 120])
            {
                Table table = TrainingTables.Create(task, rows);
                DataOptions options = TrainingTables.Options with { TestFraction = 0, ValidationFraction = 0.15, Seed = 5, Task = task };
                PreparedData<double> data = DataPreparation.Prepare<double>(table, options);
                int[] classes = task == LearningTask.Regression ? [] : Array.ConvertAll(data.Target.Encode<double>(table), x => (int)x);
                (int[] training, int[] validation) = ValidationSplit.Divide(rows, 0.15, 5, classes);
                CollectionAssert.AreEqual(data.TrainRows.ToArray(), training);
                CollectionAssert.AreEqual(data.ValidationRows.ToArray(), validation);
            }
        }
    }

    [TestMethod]
    public void A_seed_gives_the_same_rows_for_ever()
    {
        (int[] training, int[] validation) = ValidationSplit.Divide(10, 0.2, 1);
        Assert.AreEqual("3 6", string.Join(' ', validation));
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), training.Concat(validation).Order().ToArray());
    }

    [TestMethod]
    public void At_least_one_row_validates_and_two_train()
    {
        Assert.HasCount(1, ValidationSplit.Divide(3, 0.001, 1).Validation);
        Assert.HasCount(1, ValidationSplit.Divide(1000, 1e-9, 1).Validation);
        Assert.HasCount(2, ValidationSplit.Divide(20, 0.9, 1).Training);
        foreach ((int rows, double fraction) in ((int, double)[])[(0, 0.5), (1, 0.5), (2, 0.1), (10, 0.9), (-1, 0.5)])
            Assert.Contains("training needs at least 2 and validation 1. Add rows or change the fraction", Assert.ThrowsExactly<ArgumentException>(() => ValidationSplit.Divide(rows, fraction, 1)).Message);
    }

    [TestMethod]
    public void Arguments_outside_their_range_are_refused()
    {
        foreach (double fraction in (double[])[0, 1, -0.1, 1.1, double.NaN])
            Assert.Throws<ArgumentException>(() => ValidationSplit.Divide(10, fraction, 1));
        Assert.Contains("10 rows need as many classes", Assert.ThrowsExactly<ArgumentException>(() => ValidationSplit.Divide(10, 0.2, 1, [0, 1])).Message);
        Assert.Contains("one is -1", Assert.ThrowsExactly<ArgumentException>(() => ValidationSplit.Divide(3, 0.2, 1, [0, -1, 0])).Message);
    }
}
