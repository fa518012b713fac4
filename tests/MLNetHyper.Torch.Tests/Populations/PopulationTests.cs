namespace MLNetHyper.Torch.Tests;

/// <summary>Every member of a population is the run that it would be alone.</summary>
[TestClass]
public sealed class PopulationTests
{
    private static readonly Architecture _architecture = new(3, [4], 1, Activation.Tanh, Loss.SquaredError);

    private static readonly Dictionary<string, double>[] _starts =
    [
        new() { ["lr"] = 0.1, ["wd"] = 1e-3, ["momentum"] = 0.5 },
        new() { ["lr"] = 1e-3 },
        new() { ["lr"] = 0.02, ["momentum"] = 0.9 },
    ];

    private static IEnumerable<object[]> Methods =>
        HypergradientMethods.All.Where(m => HypergradientMethods.Create(m.Name).SeparatesModels).Select(m => new object[] { m.Name });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Members_are_the_runs_that_they_would_be_alone(string method)
    {
        foreach (string rule in (string[])["sgd", "nesterov", "sgd-decoupled", "nesterov-decoupled"])
        {
            foreach (int batchSize in (int[])[8, 100])
            {
                LoopOptions options = Options(method, rule);
                PopulationMember[] members = Population(options, batchSize);
                for (int k = 0; k < members.Length; k++)
                {
                    LoopResult<DenseVector<double>> alone = Alone(options, batchSize, k);
                    string what = $"{rule}, batches of {batchSize}, member {k}";
                    Assert.AreEqual(alone.Status, members[k].Status, what);
                    Assert.AreEqual(alone.BestStep, members[k].BestStep, what);
                    Finite.AreClose(ToArray(alone.FinalWeights), ToArray(members[k].FinalWeights), 1e-6, what);
                    Finite.AreClose(ToArray(alone.Weights), ToArray(members[k].Weights), 1e-6, what);
                    Assert.AreEqual(alone.BestValidationLoss, members[k].BestValidationLoss, 1e-9 * alone.BestValidationLoss, what);
                    foreach (string name in alone.Trajectory.Names)
                    {
                        Finite.AreClose([.. alone.Trajectory.Values(name)], [.. members[k].Trajectory.Values(name)], 1e-8, $"{what}, {name}");
                        Finite.AreClose([.. alone.Trajectory.HypergradientNorms(name)], [.. members[k].Trajectory.HypergradientNorms(name)], 1e-7, $"{what}, norm of {name}");
                    }
                    Finite.AreClose([.. alone.Trajectory.TrainingLosses], [.. members[k].Trajectory.TrainingLosses], 1e-8, what);
                }
            }
        }
    }

    [TestMethod]
    [DataRow("prodigy")]
    [DataRow("dadapt-adam")]
    [DataRow("dadapt-sgd")]
    [DataRow("dog")]
    [DataRow("mechanic-sgd")]
    [DataRow("schedule-free-adamw")]
    public void Members_find_their_own_step_sizes(string rule)
    {
        // The betas are one for all members, and so would be their tuning.
        LoopOptions options = Options("augmented-neumann", rule);
        options = options with { Hyperparameters = [.. options.Definitions.Select(h => h with { Tuned = h.Name is "lr" or "wd" })] };
        PopulationMember[] members = Population(options, 8);
        for (int k = 0; k < members.Length; k++)
        {
            LoopResult<DenseVector<double>> alone = Alone(options, 8, k);
            Finite.AreClose(ToArray(alone.FinalWeights), ToArray(members[k].FinalWeights), 1e-6, $"member {k}");
            Finite.AreClose([.. alone.Trajectory.Values("lr")], [.. members[k].Trajectory.Values("lr")], 1e-8, $"member {k}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Member_that_diverges_disturbs_no_other(string method)
    {
        LoopOptions options = Options(method, "sgd");
        options = options with { Hyperparameters = [.. options.Definitions.Select(h => h.Name == "lr" ? h with { Upper = 9 } : h)] };
        Dictionary<string, double>[] wild = [_starts[0], new() { ["lr"] = 1e8 }, _starts[2]];
        PopulationMember[] expected = Population(options, 8), actual = Population(options, 8, wild);
        Assert.IsGreaterThan(0, actual[1].Rollbacks);
        foreach (PopulationMember member in actual)
            Assert.IsTrue(member.Weights.IsFinite() && member.FinalWeights.IsFinite());
        foreach (int k in (int[])[0, 2])
        {
            CollectionAssert.AreEqual(ToArray(expected[k].FinalWeights), ToArray(actual[k].FinalWeights));
            CollectionAssert.AreEqual(expected[k].Trajectory.Values("lr").ToArray(), actual[k].Trajectory.Values("lr").ToArray());
        }
        PopulationMember[] unguarded = Population(options with { Guard = false, Steps = 100 }, 8, wild);
        Assert.AreEqual(TrainingStatus.Diverged, unguarded[1].Status);
        Assert.AreEqual(TrainingStatus.Completed, unguarded[2].Status);
    }

    [TestMethod]
    public void Population_of_one_is_a_run()
    {
        LoopOptions options = Options("forward", "sgd");
        using var objective = new TorchNetworkObjective<double>(_architecture, members: 1, null);
        PopulationMember member = Torch.Population.MembersOf(Torch.Population.Prepare(objective, objective.CreateBatchSource(NetworkData.Draw(_architecture, 22, 1), 8, 3, 6), objective.CreateBatchSource(NetworkData.Draw(_architecture, 9, 2), 8, null, 2), options, [_starts[0]]).Run())[0];
        LoopResult<DenseVector<double>> alone = Alone(options, 8, 0);
        Finite.AreClose(ToArray(alone.FinalWeights), ToArray(member.FinalWeights), 1e-6);
        Finite.AreClose([.. alone.Trajectory.Values("lr")], [.. member.Trajectory.Values("lr")], 1e-8);
    }

    [TestMethod]
    public void Training_leaves_no_tensors_and_gives_finite_members()
    {
        Examples<float> rows = NetworkData.Draw(_architecture, 30, 1).ToSingle();
        IReadOnlyList<PopulationMember> Train() => TorchPopulation.Train(_architecture, _starts, rows, rows, OnePassOptions.Published with { Steps = 40 });
        _ = Train();
        long before = LiveTensors.CountSettled();
        IReadOnlyList<PopulationMember> members = Train();
        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.HasCount(3, members);
        Assert.IsTrue(members.All(m => m.Weights.IsFinite() && double.IsFinite(m.BestValidationLoss) && m.Status == TrainingStatus.Completed));
    }

    [TestMethod]
    public void What_a_population_cannot_have_is_refused()
    {
        Examples<float> rows = NetworkData.Draw(_architecture, 30, 1).ToSingle();
        void Refused(OnePassOptions options, IReadOnlyList<IReadOnlyDictionary<string, double>> starts, string message) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TorchPopulation.Train(_architecture, starts, rows, rows, options)).Message, message);
        Refused(OnePassOptions.Published, [], "at least one member");
        Refused(OnePassOptions.Published with { Patience = 5 }, _starts, "Patience");
        Refused(OnePassOptions.Published with { GradientClip = 1 }, _starts, "GradientClip");
        Refused(OnePassOptions.Published with { Method = new ImplicitDifferentiation() }, _starts, "'implicit'");
        Refused(OnePassOptions.Published with { Rule = new AdamUpdate() }, [new Dictionary<string, double> { ["beta1"] = 0.8 }], "'adamw'");
        Refused(OnePassOptions.Published with { LearningRateGranularity = Granularity.PerWeight }, _starts, "not one per weight");
        Refused(OnePassOptions.Published with { RetrainOnAll = true }, _starts, "RetrainOnAll");
        Refused(new(), [new Dictionary<string, double> { ["rate"] = 1 }], "no hyperparameter 'rate'");
        Refused(new(), [new Dictionary<string, double> { ["lr"] = -1 }], "'lr'");
        var none = new Examples<float>([], 3, []);
        foreach (Examples<float>? held in (Examples<float>?[])[null, none])
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TorchPopulation.Train(_architecture, _starts, rows, held, new())).Message, "validation");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TorchPopulation.Train(_architecture, _starts, none, rows, new())).Message, "no training rows");
    }

    private static LoopOptions Options(string method, string rule)
    {
        HypergradientMethod m = TestMethods.Create(method);
        UpdateRule r = UpdateRules.Create(rule);
        return new() { Method = m, Rule = r, TuningInterval = 5, Steps = 40, Seed = 4, Hyperparameters = [.. r.Hyperparameters.Select(h => h with { Tuned = m is not Fixed && (m.Tunes?.Contains(h.Name) ?? true) })] };
    }

    private static IReadOnlyDictionary<string, double>[] Fitting(LoopOptions options, IEnumerable<Dictionary<string, double>> starts) =>
        [.. starts.Select(s => s.Where(v => options.Definitions.Any(h => h.Name == v.Key)).ToDictionary())];

    private static PopulationMember[] Population(LoopOptions options, int batchSize, IEnumerable<Dictionary<string, double>>? starts = null)
    {
        using var objective = new TorchNetworkObjective<double>(_architecture, _starts.Length, null);
        BatchSource training = objective.CreateBatchSource(NetworkData.Draw(_architecture, 22, 1), batchSize, 3, 6), validation = objective.CreateBatchSource(NetworkData.Draw(_architecture, 9, 2), batchSize, null, 2);
        return Torch.Population.MembersOf(Torch.Population.Prepare(objective, training, validation, options, Fitting(options, starts ?? _starts)).Run());
    }

    private static LoopResult<DenseVector<double>> Alone(LoopOptions options, int batchSize, int member)
    {
        var objective = new NetworkObjective<double>(_architecture);
        IReadOnlyDictionary<string, double> start = Fitting(options, _starts)[member];
        options = options with { Seed = options.Seed + member, Hyperparameters = [.. options.Definitions.Select(h => start.TryGetValue(h.Name, out double value) ? h with { Initial = value } : h)] };
        return new OnePassLoop<DenseVector<double>>(objective, objective.CreateBatchSource(NetworkData.Draw(_architecture, 22, 1), batchSize, 3, 6), objective.CreateBatchSource(NetworkData.Draw(_architecture, 9, 2), batchSize, null, 2), options).Run();
    }

    private static double[] ToArray<T>(DenseVector<T> vector) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[] values = new double[vector.Length];
        vector.CopyTo(values);
        return values;
    }
}
