namespace MLNetHyper.Engine.Tests;

/// <summary>A weight of an example counts beside those of all others, not of its batch alone.</summary>
[TestClass]
public sealed class ExampleWeightTests
{
    private static readonly Architecture _shape = NetworkTestData.Shape(3, [4]);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(19)]
    [DataRow(60)]
    public void The_loss_on_all_validation_data_is_the_weighted_mean_at_any_batch_size(int batchSize)
    {
        Examples<double> rows = Weighted(60, 2);
        NetworkObjective<double> objective = new(_shape);
        double whole = Loss(objective, rows, 60);
        Assert.AreEqual(whole, Loss(objective, rows, batchSize), 1e-12);
        // Rows of one heavy weight are as if they were there more often.
        Examples<double> doubled = new(rows.Features, 3, rows.Targets, [.. rows.Weights!.Select((w, i) => i < 30 ? 2 : 0.0)]), once = new(rows.Features[..90], 3, rows.Targets[..30]);
        Assert.AreEqual(Loss(objective, once, 30), Loss(objective, doubled, batchSize), 1e-12);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(7)]
    public void The_mean_of_an_epochs_gradients_is_the_gradient_of_all(int batchSize)
    {
        Examples<double> rows = Weighted(28, 1);
        NetworkObjective<double> objective = new(_shape);
        ILinearization<DenseVector<double>> point = objective.CreateLinearization();
        DenseVector<double> w = objective.CreateVector(), whole = w.CreateZero(), gradient = w.CreateZero(), mean = w.CreateZero();
        objective.Initialize(w, 1);
        point.Gradient(w, objective.CreateBatchSource(rows, 28, 1, 1).BatchAt(0), whole);
        BatchSource batches = objective.CreateBatchSource(rows, batchSize, 1, 1);
        for (int i = 0; i < batches.BatchesPerEpoch; i++)
        {
            point.Gradient(w, batches.BatchAt(i), gradient);
            mean.Combine(1, 1.0 / batches.BatchesPerEpoch, gradient);
        }
        NetworkTestData.AssertClose(NetworkTestData.Values(whole), NetworkTestData.Values(mean), 1e-12, "gradient");
    }

    [TestMethod]
    public void Products_of_parts_are_those_of_the_batch_on_average()
    {
        Examples<double> rows = Weighted(40, 1);
        NetworkObjective<double> objective = new(_shape);
        ILinearization<DenseVector<double>> point = objective.CreateLinearization();
        DenseVector<double> w = objective.CreateVector(), gradient = w.CreateZero(), direction = w.CreateZero(), whole = w.CreateZero(), part = w.CreateZero();
        objective.Initialize(w, 1);
        objective.Initialize(direction, 2);
        Batch batch = objective.CreateBatchSource(rows, 8, 1, 1).BatchAt(0);
        point.Gradient(w, batch, gradient);
        point.CurvatureVectorProducts(Curvature.GaussNewton, [direction], [whole], BatchPart.Whole);
        point.CurvatureVectorProducts(Curvature.GaussNewton, [direction], [part], new BatchPart(0, 1));
        NetworkTestData.AssertClose(NetworkTestData.Values(whole), NetworkTestData.Values(part), 1e-12, "one part");
    }

    [TestMethod]
    public void Validation_rows_without_any_weight_have_no_loss()
    {
        Examples<double> rows = Weighted(20, 1);
        NetworkObjective<double> objective = new(_shape);
        Assert.AreEqual(0, Loss(objective, new(rows.Features, 3, rows.Targets, new double[20]), 6));
    }

    private static Examples<double> Weighted(int count, int seed)
    {
        Examples<double> rows = NetworkTestData.Draw(_shape, count, seed);
        return new(rows.Features, 3, rows.Targets, [.. Enumerable.Range(0, count).Select(i => i % 7 == 0 ? 50.0 : i % 3 == 0 ? 0 : 0.5)]);
    }

    private static double Loss(NetworkObjective<double> objective, Examples<double> validation, int batchSize)
    {
        BatchSource training = objective.CreateBatchSource(NetworkTestData.Draw(_shape, 10, 3), 10, 1, 11), held = objective.CreateBatchSource(validation, batchSize, 1, 2);
        var loop = new OnePassLoop<DenseVector<double>>(objective, training, held, new() { Steps = 10 });
        return loop.MeasureValidationLoss();
    }
}
