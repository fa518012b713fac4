namespace MLNetHyper.Engine.Tests;

/// <summary>The learning rate follows its curve, whatever tunes it, and weights that are averaged are what a loop by hand averages.</summary>
[TestClass]
public sealed class ScheduleTests
{
    private static readonly Architecture _architecture = NetworkTestData.Shape(4, [6]);
    private static readonly Examples<float> _training = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 80, 1)), _validation = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 20, 2));

    [TestMethod]
    [DataRow(LearningRateSchedule.Constant, 1, 1, 1)]
    [DataRow(LearningRateSchedule.Cosine, 1, 0.5, 0.001)]
    [DataRow(LearningRateSchedule.FlatCosine, 1, 1, 0.001)]
    [DataRow(LearningRateSchedule.CosLog4, 0.001, 0.99, 0.001)]
    [DataRow(LearningRateSchedule.OneCycle, 0.04, 0.81, 4e-6)]
    [DataRow(LearningRateSchedule.ReduceOnPlateau, 1, 1, 1)]
    [DataRow(LearningRateSchedule.WarmupStableDecay, 0.1, 1, 0.001)]
    public void Curves_go_through_their_points(LearningRateSchedule schedule, double start, double middle, double end)
    {
        Assert.AreEqual(start, schedule.FactorAt(0), 1e-12);
        Assert.AreEqual(middle, schedule.FactorAt(schedule == LearningRateSchedule.CosLog4 ? (Math.Pow(2, 2.53) - 1) / 15 : 0.5), 0.01);
        Assert.AreEqual(end, schedule.FactorAt(1), 1e-12);
        for (double t = 0; t <= 1; t += 0.01)
            Assert.IsTrue(schedule.FactorAt(t) is > 0 and <= 1);
        Assert.AreEqual(end, schedule.FactorAt(1.5), schedule == LearningRateSchedule.CosLog4 ? 1 : 1e-12, "a budget that is over");
    }

    /// <summary>The values of PyTorch's OneCycleLR with its defaults, at the same shares of a run.</summary>
    [TestMethod]
    public void One_cycle_warms_up_for_three_tenths_and_ends_far_below_its_start()
    {
        Assert.AreEqual(0.04 + (0.96 / 2), LearningRateSchedule.OneCycle.FactorAt(0.15), 1e-12);
        Assert.AreEqual(1, LearningRateSchedule.OneCycle.FactorAt(0.3), 1e-12);
        Assert.AreEqual((1 + 4e-6) / 2, LearningRateSchedule.OneCycle.FactorAt(0.65), 1e-12);
    }

    [TestMethod]
    public void A_warm_up_goes_by_equal_factors_and_what_follows_is_flat_then_cosine()
    {
        Assert.AreEqual(Math.Sqrt(0.1), LearningRateSchedule.WarmupStableDecay.FactorAt(0.05), 1e-12);
        foreach (double t in new[] { 0.1, 0.3, 0.5, 0.7, 1 })
            Assert.AreEqual(LearningRateSchedule.FlatCosine.FactorAt(t), LearningRateSchedule.WarmupStableDecay.FactorAt(t), 1e-12);
    }

    /// <summary>What is told from the validation losses by a loop in plain words is what the learning rate did.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void On_a_plateau_of_more_than_ten_measurements_the_rate_falls_to_a_tenth(int members)
    {
        LoopResult<DenseVector<float>> run = OnePass.Train(_architecture, _training, _validation, Plateaus(members));
        double[] losses = [.. Enumerable.Range(0, run.Trajectory.Count).Select(i => run.Models.Average(model => model.Trajectory.ValidationLosses[i]))];
        double factor = 1, lowest = double.PositiveInfinity;
        int waited = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.AreEqual(0.1 * factor, run.Trajectory.ValueAt(0, i), 1e-9 * factor, $"{i}");
            waited = losses[i] < 0.9999 * lowest ? 0 : waited + 1;
            if (waited == 0)
                lowest = losses[i];
            if (waited <= 10)
                continue;
            (factor, waited) = (Math.Max(1e-8, 0.1 * factor), 0);
        }
        Assert.IsLessThan(0.05, factor);
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(60)]
    public void Stopped_on_its_way_to_a_plateau_a_run_goes_on_the_same(int windows)
    {
        using var folder = new TemporaryFolder();
        OnePassOptions options = Plateaus(2);
        LoopResult<DenseVector<float>> whole = OnePass.Train(_architecture, _training, _validation, options);
        using var source = new CancellationTokenSource();
        OnePassOptions saved = options with { CheckpointPath = folder["c"], CheckpointInterval = TimeSpan.Zero };
        Assert.AreEqual(TrainingStatus.Canceled, OnePass.Train(_architecture, _training, _validation, saved, new Callback(p =>
        {
            if (p.Step == 10 * windows)
                source.Cancel();
        }), source.Token).Status);
        LoopResult<DenseVector<float>> resumed = OnePass.Train(_architecture, _training, _validation, saved);
        Assert.AreEqual(10 * windows, resumed.ResumedFrom);
        Assert.IsTrue(whole.Weights.Span.SequenceEqual(resumed.Weights.Span));
    }

    [TestMethod]
    public void Plateaus_of_the_validation_loss_need_validation_rows()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => OnePass.Train(_architecture, _training, null, Plateaus(1)));
        Assert.Contains("Set some rows aside", e.Message);
    }

    [TestMethod]
    public void A_rate_that_nothing_tunes_is_its_start_times_the_curve()
    {
        OnePassOptions options = OnePassOptions.Published with { Method = new Fixed(), Steps = 100, LearningRateSchedule = LearningRateSchedule.Cosine };
        Trajectory trajectory = OnePass.Train(_architecture, _training, _validation, options).Trajectory;
        for (int i = 0; i < trajectory.Count; i++)
            Assert.AreEqual(0.1 * LearningRateSchedule.Cosine.FactorAt(i / 10.0), trajectory.ValueAt(0, i), 1e-12);
    }

    /// <summary>The hypergradient of a factor on the curve is that of the rate, times the curve: for every transform.</summary>
    [TestMethod]
    public void A_factor_passes_through_the_chain_rule()
    {
        foreach (Transform transform in new[] { Transform.Log10, Transform.Logit, Transform.Identity })
        {
            var definition = new Hyperparameter("lr", transform, 0.3, -5, 5) { Tuned = true };
            var block = new TunedBlock<DenseVector<double>>(definition, new DenseVector<double>(1)) { Factor = 0.25 };
            Assert.AreEqual(0.25 * 0.3, block.Real.Span[0], 1e-15);
            block.Hypergradient.Fill(2);
            block.ApplyChainRule();
            double raw = transform.ToRaw(0.3), slope = (transform.ToReal(raw + 1e-6) - transform.ToReal(raw - 1e-6)) / 2e-6;
            Assert.AreEqual(2 * 0.25 * slope, block.Hypergradient.Span[0], 1e-8);
            Assert.AreEqual(0.25 * 0.3, block.Real.Span[0], 1e-15);
        }
    }

    [TestMethod]
    public void What_is_kept_is_the_average_over_the_steps()
    {
        OnePassOptions options = OnePassOptions.Published with { Method = new Fixed(), Steps = 30, Guard = false };
        float[] weights = OnePass.Train(_architecture, _training, null, options with { Steps = 1, Initial = new Dictionary<string, double> { ["lr"] = 0 } }).FinalWeights.Span.ToArray();
        double[] average = Array.ConvertAll(weights, w => (double)w);
        for (int step = 1; step <= 30; step++)
        {
            float[] now = OnePass.Train(_architecture, _training, null, options with { Steps = step }).FinalWeights.Span.ToArray();
            double decay = Math.Min(0.6, step / (step + 10.0));
            for (int i = 0; i < average.Length; i++)
                average[i] = (decay * average[i]) + ((1 - decay) * now[i]);
        }
        float[] kept = OnePass.Train(_architecture, _training, null, options with { AveragingDecay = 0.6 }).Weights.Span.ToArray();
        for (int i = 0; i < average.Length; i++)
            Assert.AreEqual(average[i], kept[i], 1e-5);
    }

    /// <summary>With a schedule tuning stays between the start and the rule's own rate, and a little beyond.</summary>
    [TestMethod]
    [DataRow(0.005)]
    [DataRow(1e-5)]
    [DataRow(0.2)]
    public void The_tuned_rate_stays_between_its_start_and_the_rules_own(double start)
    {
        OnePassOptions options = new() { Members = 1, Steps = 300, Initial = new Dictionary<string, double> { ["lr"] = start } };
        Hyperparameter rate = options.Hyperparameters()[0];
        double own = Math.Log10(0.005), raw = Math.Log10(start);
        Assert.AreEqual((Math.Min(own, raw) - 0.01, Math.Max(own, raw) + 0.01), (rate.Lower, rate.Upper));
        Trajectory trajectory = OnePass.Train(_architecture, _training, _validation, options).Trajectory;
        double first = trajectory.ValueAt(0, 0);
        Assert.AreEqual(start * options.LearningRateSchedule.FactorAt(0), first, 1e-9 * start);
        Assert.AreEqual(-10, (options with { LearningRateSchedule = LearningRateSchedule.Constant }).Hyperparameters()[0].Lower);
    }

    /// <summary>From a rate at which units die the run comes down to the rule's own, and starts its weights again there; from one that moves nothing it comes up.</summary>
    [TestMethod]
    [DataRow(0.5, 1)]
    [DataRow(0.5, 3)]
    [DataRow(1e-5, 1)]
    [DataRow(1e-5, 3)]
    public void From_a_rate_that_is_far_off_training_ends_where_it_ends_from_the_rules_own(double start, int members)
    {
        OnePassOptions options = new() { Members = members, Steps = 600 }, far = options with { Initial = new Dictionary<string, double> { ["lr"] = start } };
        LoopResult<DenseVector<float>> good = OnePass.Train(_architecture, _training, _validation, options), settled = OnePass.Train(_architecture, _training, _validation, far);
        Assert.AreEqual(start * options.LearningRateSchedule.FactorAt(0), settled.Trajectory.ValueAt(0, 0), 1e-9);
        // A twentieth of 600 steps, in windows of 10; the rest of the run has the whole curve.
        for (int i = 4; i < settled.Trajectory.Count; i++)
            Assert.IsLessThan(0.01 + 1e-6, Math.Abs(Math.Log10(settled.Trajectory.ValueAt(0, i) / 0.005 / options.LearningRateSchedule.FactorAt(((i / 60.0) - 0.05) / 0.95))), $"{i}");
        Assert.AreEqual(1, settled.BestValidationLoss / good.BestValidationLoss, 0.1);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(10)]
    public void Stopped_before_or_after_it_has_settled_a_run_goes_on_the_same(int windows)
    {
        using var folder = new TemporaryFolder();
        OnePassOptions options = new() { Members = 2, Steps = 400, Initial = new Dictionary<string, double> { ["lr"] = 0.1 } }, saved = options with { CheckpointPath = folder["c"], CheckpointInterval = TimeSpan.Zero };
        using var source = new CancellationTokenSource();
        LoopResult<DenseVector<float>> whole = OnePass.Train(_architecture, _training, _validation, options);
        Assert.AreEqual(TrainingStatus.Canceled, OnePass.Train(_architecture, _training, _validation, saved, new Callback(p =>
        {
            if (p.Step == 10 * windows)
                source.Cancel();
        }), source.Token).Status);
        LoopResult<DenseVector<float>> resumed = OnePass.Train(_architecture, _training, _validation, saved);
        Assert.AreEqual(10 * windows, resumed.ResumedFrom);
        Assert.IsTrue(whole.Weights.Span.SequenceEqual(resumed.Weights.Span));
    }

    private static OnePassOptions Plateaus(int members) => OnePassOptions.Published with { Method = new Fixed(), Members = members, Steps = 1500, LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau };
}
