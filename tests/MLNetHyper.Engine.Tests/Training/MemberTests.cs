namespace MLNetHyper.Engine.Tests;

/// <summary>Several networks side by side are what each would be by itself, on rows of its own.</summary>
[TestClass]
public sealed class MemberTests
{
    private const int Members = 3;

    private static readonly Architecture _architecture = NetworkTestData.Shape(5, [7, 6]);
    private static readonly OnePassOptions _options = new() { Members = Members, BatchSize = 32, Steps = 120, Seed = 11, Method = new Fixed(), AveragingDecay = 0.9 };

    private static IEnumerable<object[]> MethodsRulesAndGranularities =>
        from method in HypergradientMethods.All.Select(choice => HypergradientMethods.Create(choice.Name)).Where(method => method.EstimatesApart)
        from rule in new[] { "sgd", "adamw" }
        from granularity in new[] { Granularity.Scalar, Granularity.PerTensor }
        select new object[] { method.Name, rule, granularity };

    private static IEnumerable<object[]> RuleNames => UpdateRules.All.Select(rule => new object[] { rule.Name });

    [TestMethod]
    [DynamicData(nameof(RuleNames))]
    public void A_member_is_the_network_that_trains_alone_from_its_seed_on_its_rows(string rule)
    {
        OnePassOptions options = _options with { Rule = UpdateRules.Create(rule) };
        Examples<float> folded = Folded(options);
        LoopResult<DenseVector<float>> together = OnePass.Train(_architecture, folded, null, options);
        Assert.HasCount(Members, together.Segments);
        for (int k = 0; k < Members; k++)
        {
            LoopResult<DenseVector<float>> alone = OnePass.Train(_architecture, Pick(folded, folded.Folds!.Training[k]), Pick(folded, folded.Folds.Validation[k]), options with { Members = 1, Seed = options.Seed + k });
            CollectionAssert.AreEqual(alone.Weights.Span.ToArray(), together.Weights.Span.Slice(together.Segments[k].Start, together.Segments[k].Length).ToArray(), $"member {k}");
            Assert.AreEqual((alone.BestStep, alone.BestValidationLoss), (together.Models[k].BestStep, together.Models[k].BestValidationLoss));
        }
        Assert.AreEqual(Members * 120.0, together.GradientEvaluations, Members * 120 * 0.15, "every member's work counts");
    }

    [TestMethod]
    [DynamicData(nameof(MethodsRulesAndGranularities))]
    public void Each_by_itself_they_are_what_all_are_together(string method, string rule, Granularity granularity)
    {
        Architecture architecture = NetworkTestData.Shape(5, [7, 6], loss: Loss.SoftmaxCrossEntropy);
        OnePassOptions options = _options with
        {
            Method = HypergradientMethods.Create(method),
            Rule = UpdateRules.Create(rule),
            LearningRateGranularity = granularity,
            WeightDecayGranularity = granularity,
            LabelSmoothing = 0.1,
            InputNoise = 0.1,
        };
        var members = new NetworkMembers<double>(architecture, Members, threads: 2, options.Regularization);
        Examples<double> rows = NetworkTestData.Draw(architecture, 130, 1), validating = NetworkTestData.Draw(architecture, 40, 2);
        LoopOptions loop = options.ToLoop(rows.Count, members.Hyperparameters);
        Assert.IsNotNull(TakenApart(members, members.CreateBatchSource(rows, 32, 3, 2), loop));
        LoopResult<DenseVector<double>> apart = Run(members), together = Run(new Inseparable<double>(members));
        AreEqual(together.Weights.Span, apart.Weights.Span, "weights");
        if (method == "forward" && granularity == Granularity.PerTensor)
            Assert.IsLessThan(together.GradientEvaluations, apart.GradientEvaluations, "no tangents by the others' values, which are zero");
        else
            Assert.AreEqual(together.GradientEvaluations, apart.GradientEvaluations, 1e-9 * together.GradientEvaluations);
        for (int k = 0; k < Members; k++)
        {
            AreEqual([.. together.Models[k].Trajectory.TrainingLosses], [.. apart.Models[k].Trajectory.TrainingLosses], "losses");
            foreach (string name in together.Models[k].Trajectory.Names)
                AreEqual([.. together.Models[k].Trajectory.Values(name)], [.. apart.Models[k].Trajectory.Values(name)], name);
        }

        LoopResult<DenseVector<double>> Run(IObjective<DenseVector<double>> objective) => new OnePassLoop<DenseVector<double>>(
            objective, members.CreateBatchSource(rows, options.BatchSizeFor(rows.Count), 3, loop.TuningInterval + 1), members.CreateBatchSource(validating, 20, 4, 2), loop).Run();
    }

    [TestMethod]
    public void Tuned_together_their_hypergradient_is_the_sum_of_theirs()
    {
        var members = new NetworkMembers<double>(_architecture, Members);
        Examples<double> rows = NetworkTestData.Draw(_architecture, 60, 1);
        DenseVector<double> weights = members.CreateVector(), gradient = members.CreateVector();
        members.Initialize(weights, 3);
        Hyperparameter wd = new AdamUpdate().Hyperparameters[1] with { Tuned = true };
        HyperparameterSet<DenseVector<double>> shared = new([wd], members.Tensors, weights, members.Models);
        ((ILinearization<DenseVector<double>>)members.CreateLinearization(false)).Gradient(weights, members.CreateBatchSource(rows, 60, 0, 1).BatchAt(0), gradient);
        shared[0].AddHypergradient(1, gradient, weights);
        Assert.IsTrue(shared.HasFiniteHypergradients(0));
        shared.ApplyChainRule();
        double[] actual = new double[1];
        shared[0].CopyHypergradientTo(actual);
        double expected = members.Models.Sum(model => gradient.Dot(weights, model.Start, model.Length)) * wd.Initial * Math.Log(10);
        Assert.AreEqual(expected, actual[0], 1e-12 * Math.Abs(expected));
    }

    [TestMethod]
    public void What_one_member_lost_does_not_move_the_others_hyperparameters()
    {
        var members = new NetworkMembers<double>(_architecture, Members);
        DenseVector<double> ones = members.CreateVector(), adjoint = members.CreateVector();
        ones.Fill(1);
        adjoint.Fill(2);
        adjoint.Fill(double.NaN, members.Models[1].Start, 1);
        HyperparameterSet<DenseVector<double>> shared = new([new AdamUpdate().Hyperparameters[1] with { Tuned = true }], members.Tensors, ones, members.Models);
        shared[0].AddHypergradient(1, adjoint, ones);
        CollectionAssert.AreEqual(new[] { true, false, true }, Enumerable.Range(0, Members).Select(shared.HasFiniteHypergradients).ToArray());
        shared.ApplyChainRule();
        Assert.IsTrue(double.IsFinite(shared[0].HypergradientNorm));
        Assert.AreNotEqual(0, shared[0].HypergradientNorm);
    }

    [TestMethod]
    [DataRow(1, 7)]
    [DataRow(2, 200)]
    public void Threads_change_no_bit_and_a_resumed_run_is_the_uninterrupted_one(int threads, int width)
    {
        // Only members that are large enough are worth a second thread.
        Architecture architecture = NetworkTestData.Shape(5, [width, width]);
        using var folder = new TemporaryFolder();
        OnePassOptions options = new() { Members = Members, BatchSize = 128, Steps = 90, Seed = 2, Threads = threads };
        Examples<float> folded = Folded(options);
        float[] whole = OnePass.Train(architecture, folded, null, options with { Threads = 1 }).Weights.Span.ToArray();
        OnePassOptions saved = options with { CheckpointPath = folder["c"], CheckpointInterval = TimeSpan.Zero };
        using var source = new CancellationTokenSource();
        LoopResult<DenseVector<float>> canceled = OnePass.Train(architecture, folded, null, saved, new CancelAt(40, source), source.Token);
        Assert.AreEqual(TrainingStatus.Canceled, canceled.Status);
        LoopResult<DenseVector<float>> resumed = OnePass.Train(architecture, folded, null, saved);
        Assert.AreEqual(40, resumed.ResumedFrom);
        CollectionAssert.AreEqual(whole, resumed.Weights.Span.ToArray());
    }

    [TestMethod]
    [DataRow(40, 4, 4, false)]
    [DataRow(40, 8, 10, true)]
    [DataRow(5, 3, 1, false)]
    public void Folds_divide_all_rows_and_give_every_member_its_share_of_a_class(int rows, int members, int validating, bool classes)
    {
        int[] classOf = [.. Enumerable.Range(0, rows).Select(i => classes ? i % 2 : 0)];
        MemberRows folds = MemberRows.Divide(classOf, members, validating, seed: 1);
        for (int k = 0; k < members; k++)
        {
            Assert.HasCount(validating, folds.Validation[k]);
            CollectionAssert.AreEquivalent(Enumerable.Range(0, rows).ToArray(), folds.Training[k].Concat(folds.Validation[k]).ToArray());
            if (classes)
                Assert.AreEqual(validating / 2, folds.Validation[k].Count(row => classOf[row] == 1));
        }
        // No row validates twice before every other has.
        int[] times = [.. Enumerable.Range(0, rows).Select(row => folds.Validation.Count(fold => fold.Contains(row)))];
        Assert.IsLessThanOrEqualTo(1, times.Max() - times.Min());
        Assert.AreNotEqual(string.Join(',', folds.Validation[0]), string.Join(',', MemberRows.Divide(classOf, members, validating, seed: 2).Validation[0]));
    }

    [TestMethod]
    public void Rows_in_blocks_train_all_members_by_the_same_batches()
    {
        Examples<float> rows = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 96, 1)), validation = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 20, 2));
        LoopResult<DenseVector<float>> result = OnePass.Train(_architecture, new BlockedExamples(rows, 32), validation, _options with { BatchSize = 16 });
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.AreEqual(Members, result.Segments.Select(s => result.Weights.Span[s.Start]).Distinct().Count(), "weights of their own");
        // By themselves on their own threads as all together.
        var members = new NetworkMembers<float>(_architecture, Members, threads: 2);
        LoopOptions loop = (_options with { BatchSize = 16, Method = new Extrapolated() }).ToLoop(rows.Count);
        Assert.IsNotNull(TakenApart(members, members.CreateBatchSource(new BlockedExamples(rows, 32), 16, 3, 2), loop));
        CollectionAssert.AreEqual(Run(new Inseparable<float>(members), 2), Run(members, loop.TuningInterval + 1));
        CollectionAssert.AreEqual(Run(members, 2), Run(members, 7), "however many batches are retained");

        float[] Run(IObjective<DenseVector<float>> objective, int retained) => new OnePassLoop<DenseVector<float>>(
            objective, members.CreateBatchSource(new BlockedExamples(rows, 32), 16, 3, retained), members.CreateBatchSource(validation, 20, 4, 2), loop).Run().Weights.Span.ToArray();
    }

    [TestMethod]
    [DataRow("hypergradient-descent", "sgd")]
    [DataRow("implicit", "sgd")]
    [DataRow("fixed", "prodigy")]
    public void What_couples_members_or_moves_at_every_step_keeps_them_together(string method, string rule)
    {
        var members = new NetworkMembers<double>(_architecture, Members);
        OnePassOptions options = _options with { Method = HypergradientMethods.Create(method), Rule = UpdateRules.Create(rule), Tune = method == "fixed" ? [] : method == "implicit" ? [Hyperparameter.WeightDecay] : [Hyperparameter.LearningRate] };
        Assert.IsNull(TakenApart(members, members.CreateBatchSource(NetworkTestData.Draw(_architecture, 60, 1), 32, 3, 2), options.ToLoop(60)));
    }

    [TestMethod]
    public void Clipped_norms_and_values_per_weight_keep_members_together()
    {
        var members = new NetworkMembers<double>(_architecture, Members);
        BatchSource source = members.CreateBatchSource(NetworkTestData.Draw(_architecture, 60, 1), 32, 3, 2);
        OnePassOptions options = _options with { Method = new Neumann(), Rule = new SgdUpdate() };
        Assert.IsNotNull(TakenApart(members, source, options.ToLoop(60)));
        Assert.IsNull(TakenApart(members, source, (options with { GradientClip = 1 }).ToLoop(60)));
        Assert.IsNull(TakenApart(members, source, (options with { LearningRateGranularity = Granularity.PerWeight }).ToLoop(60)));
    }

    private static ModelRuns<DenseVector<T>>? TakenApart<T>(NetworkMembers<T> members, BatchSource source, LoopOptions loop) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        ModelRuns<DenseVector<T>>.TryCreate(new(members, loop), members, source, loop, new WorkMeter(1));

    /// <summary>To rounding: sums over several models are made in another order than those over one.</summary>
    private static void AreEqual(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-9 * (1 + Math.Abs(expected[i])), what);
    }

    private static Examples<float> Folded(OnePassOptions options) =>
        OnePass.Fold(NetworkTestData.Single(NetworkTestData.Draw(_architecture, 130, 1)), NetworkTestData.Single(NetworkTestData.Draw(_architecture, 15, 2)), _architecture.Loss, options);

    private static Examples<float> Pick(Examples<float> rows, int[] places) =>
        new([.. places.SelectMany(row => rows.FeaturesOf(row).ToArray())], rows.FeatureCount, [.. places.Select(row => rows.Targets[row])], rows.Weights is null ? null : [.. places.Select(row => rows.Weights[row])]);

    private sealed class CancelAt(long step, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
                source.Cancel();
        }
    }
}
