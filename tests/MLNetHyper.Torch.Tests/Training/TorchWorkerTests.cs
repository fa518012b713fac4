using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Torch.Tests;

/// <summary>Several workers on one model with the TorchSharp engine, as threads, each with a network of its own on the CPU.</summary>
[TestClass]
public sealed class TorchWorkerTests
{
    private const int Rows = 75;
    private const int BatchSize = 24;

    private static readonly Architecture _architecture = new(3, [5], 1, Activation.Tanh, Loss.SquaredError);

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(4, 1)]
    [DataRow(2, 3)]
    public void Averaging_every_step_they_are_one_process(int count, int members)
    {
        Run alone = Train(Workers.One, members, Options);
        foreach (Run worker in ThreadWorkers.Run(count, workers => Train(workers, members, Options)))
        {
            Assert.AreEqual(alone.Weights.Length, worker.Weights.Length);
            AreClose(alone.Weights, worker.Weights);
            AreClose(alone.LearningRates, worker.LearningRates);
        }
    }

    [TestMethod]
    [DataRow("5", WorkerDivision.Batches)]
    [DataRow("1", WorkerDivision.Rows)]
    [DataRow("growing:2", WorkerDivision.Rows)]
    public void All_end_with_the_same_weights(string interval, WorkerDivision divide)
    {
        foreach (int members in new[] { 1, 2 })
        {
            Run[] all = ThreadWorkers.Run(3, workers => Train(workers, members, Options with { AverageEvery = AveragingInterval.Parse(interval)!, Divide = divide }));
            foreach (Run worker in all)
                CollectionAssert.AreEqual(all[0].Weights, worker.Weights);
            Assert.IsLessThan(all[0].FirstLoss, all[0].LastLoss);
        }
    }

    private static LoopOptions Options => new()
    {
        Method = new AugmentedNeumann(3),
        Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h with { Tuned = true })],
        TuningInterval = 5,
        Steps = 43,
        AveragingDecay = 0.9,
    };

    private static Run Train(Workers workers, int members, LoopOptions options)
    {
        using TorchNetworkObjective<double> objective = members > 1 ? new(_architecture, members, null, sharesValues: true) : new(_architecture);
        INetworkObjective<TorchVector, double> network = objective;
        Examples<double> training = NetworkData.Draw(_architecture, Rows, 1);
        if (options.Divide == WorkerDivision.Rows)
            training = Own(training, workers);
        BatchSource batches = network.CreateBatchSource(training, null, BatchSize, 1, options.TuningInterval + 1), heldOut = network.CreateBatchSource(NetworkData.Draw(_architecture, 22, 2), null, 8, 1, 2);
        LoopResult<TorchVector> result = new OnePassLoop<TorchVector>(objective, batches, heldOut, options with { Workers = workers }).Run();
        double[] weights = new double[result.FinalWeights.Length];
        result.FinalWeights.CopyTo(weights);
        return new(weights, [.. result.Trajectory.Values("lr")], result.Trajectory.TrainingLosses[0], result.Trajectory.TrainingLosses[^1]);
    }

    private static Examples<double> Own(Examples<double> all, Workers workers)
    {
        var deal = new RowDeal(workers.Count, 0);
        int[] rows = [.. Enumerable.Range(0, all.Count).Where(row => deal.WorkerOf(row) == workers.Rank)];
        return new([.. rows.SelectMany(row => all.FeaturesOf(row).ToArray())], all.FeatureCount, [.. rows.Select(row => all.Targets[row])]) { Share = new(all.Count, workers.Count) { ZeroFeatures = [] } };
    }

    private static void AreClose(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-7 * Math.Max(1, Math.Abs(expected[i])));
    }

    private sealed record Run(double[] Weights, double[] LearningRates, double FirstLoss, double LastLoss);
}
