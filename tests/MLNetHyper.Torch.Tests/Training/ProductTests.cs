namespace MLNetHyper.Torch.Tests;

/// <summary>Every method with every rule and granularity on this engine: the managed engine's run, repeatable, resumable, stoppable, never NaN.</summary>
[TestClass]
public sealed class ProductTests
{
    private static readonly Architecture _architecture = new(3, [4], 1, Activation.Tanh, Loss.SquaredError);

    private static IEnumerable<object[]> MethodsAndRules =>
        from method in OfOnePass
        from rule in UpdateRules.All
        where IsPossible(method.Name, rule.Name)
        select new object[] { method.Name, rule.Name };

    // What takes several passes is no loop's method: TorchEngineTests has it.
    private static IEnumerable<NamedChoice> OfOnePass => HypergradientMethods.All.Where(method => !HypergradientMethods.Create(method.Name).TakesSeveralPasses);

    private static IEnumerable<object[]> Methods => OfOnePass.Select(m => new object[] { m.Name });

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Run_is_that_of_the_managed_engine(string method, string rule)
    {
        foreach (Granularity granularity in Granularities(method))
        {
            foreach (double? clip in (double?[])[null, 0.2])
            {
                LoopOptions options = Options(method, rule, granularity) with { GradientClip = clip };
                LoopResult<DenseVector<double>> expected = Run<DenseVector<double>>(new NetworkObjective<double>(_architecture), options);
                using var network = new TorchNetworkObjective<double>(_architecture);
                using var module = new ModuleNetwork(_architecture);
                Compare(expected, Run(network, options), 1e-8, $"network, {granularity}, clip {clip}");
                // A module's products are of the whole batch, whatever part is asked for.
                if (method != "forward")
                    Compare(expected, Run(module, options), 1e-8, $"module, {granularity}, clip {clip}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Run_repeats_itself_and_goes_on_from_a_checkpoint_to_the_last_bit(string method, string rule)
    {
        LoopOptions options = Options(method, rule, Granularity.Scalar);
        using PublishedFolder folder = new();
        using var network = new TorchNetworkObjective<double>(_architecture);
        LoopResult<TorchVector> whole = Run(network, options), again = Run(network, options);
        Compare(whole, again, 0, "again");
        LoopOptions saved = options with { CheckpointPath = Path.Combine(folder.Path, "checkpoint"), CheckpointInterval = TimeSpan.Zero };
        using (var stop = new CancellationTokenSource())
        {
            int windows = 0;
            OnePassLoop<TorchVector> loop = Loop(network, saved);
            Assert.AreEqual(TrainingStatus.Canceled, loop.Run(new Callback(_ => Stop(++windows, stop)), stop.Token).Status);
        }
        Compare(whole, Run(network, saved), 0, "resumed");
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Divergence_ends_in_finite_weights(string method)
    {
        LoopOptions options = Options(method, IsPossible(method, "sgd") ? "sgd" : "adam", Granularity.Scalar);
        options = options with { Hyperparameters = [.. options.Definitions.Select(h => h.Name == Hyperparameter.LearningRate ? h with { Initial = 1e6, Upper = 7 } : h)], Steps = 60 };
        using var network = new TorchNetworkObjective<float>(_architecture);
        Examples<float> rows = NetworkData.Draw(_architecture, 40, 1).ToSingle();
        LoopResult<TorchVector> result = new OnePassLoop<TorchVector>(network, network.CreateBatchSource(rows, 10, 1, 8), network.CreateBatchSource(rows, 40, null, 2), options).Run();
        Assert.IsGreaterThan(0, result.Rollbacks);
        Assert.IsTrue(result.Weights.IsFinite());
        Assert.IsTrue(result.FinalWeights.IsFinite());
        Assert.IsTrue(double.IsFinite(result.BestValidationLoss));
    }

    [TestMethod]
    public void Single_precision_gives_the_same_losses_on_both_engines()
    {
        foreach (object[] method in Methods)
        {
            LoopOptions options = Options((string)method[0], "sgd", Granularity.Scalar) with { Steps = 100 };
            Architecture architecture = new(8, [50], 1, Activation.Relu, Loss.SquaredError);
            Examples<float> rows = NetworkData.Draw(architecture, 300, 3).ToSingle(), held = NetworkData.Draw(architecture, 60, 4).ToSingle();
            var managed = new NetworkObjective<float>(architecture);
            using var torch = new TorchNetworkObjective<float>(architecture);
            Trajectory expected = new OnePassLoop<DenseVector<float>>(managed, managed.CreateBatchSource(rows, 50, 1, 8), managed.CreateBatchSource(held, 60, null, 2), options).Run().Trajectory;
            Trajectory actual = new OnePassLoop<TorchVector>(torch, torch.CreateBatchSource(rows, 50, 1, 8), torch.CreateBatchSource(held, 60, null, 2), options).Run().Trajectory;
            Assert.HasCount(20, expected.Steps);
            for (int i = 0; i < expected.Count; i++)
                Assert.AreEqual(1, actual.TrainingLosses[i] / expected.TrainingLosses[i], 1e-4, $"{method[0]}, window {i}: {expected.TrainingLosses[i]}");
        }
    }

    [TestMethod]
    public void Curvature_of_parts_is_that_of_the_whole_batch_for_modules()
    {
        LoopOptions options = Options("forward", "sgd", Granularity.Scalar) with { Method = new ForwardMode(curvatureParts: 1) };
        using var module = new ModuleNetwork(_architecture);
        Compare(Run<DenseVector<double>>(new NetworkObjective<double>(_architecture), options), Run(module, options), 1e-8, "forward");
    }

    private static bool IsPossible(string method, string rule) =>
        HypergradientMethods.Create(method) switch
        {
            ImplicitDifferentiation => UpdateRules.Create(rule).HasCoupledWeightDecay && (method == "implicit-cg" || !UpdateRules.Create(rule).FindsStepSize),
            Neumann => UpdateRules.Create(rule).CarriesWeights,
            _ => true,
        };

    private static IReadOnlyList<Granularity> Granularities(string method) => HypergradientMethods.Create(method).Granularities;

    private static LoopOptions Options(string method, string rule, Granularity granularity)
    {
        HypergradientMethod m = TestMethods.Create(method);
        UpdateRule r = UpdateRules.Create(rule);
        return new()
        {
            Method = m,
            Rule = r,
            Hyperparameters = [.. r.Hyperparameters.Select(h => h with
            {
                Initial = h.Name switch { Hyperparameter.LearningRate => r.FindsStepSize ? 1 : 0.03, Hyperparameter.WeightDecay => 0.02, Hyperparameter.Momentum => 0.7, Hyperparameter.Beta1 => 0.8, _ => 0.95 },
                Tuned = m is not Fixed && (m.Tunes?.Contains(h.Name) ?? true),
                Granularity = h.Name is Hyperparameter.Beta1 or Hyperparameter.Beta2 ? Granularity.Scalar : granularity,
            })],
            TuningInterval = 5,
            Steps = 25,
            Seed = 1,
        };
    }

    private static OnePassLoop<TVector> Loop<TVector>(INetworkObjective<TVector, double> objective, LoopOptions options) where TVector : class, IVector<TVector>
    {
        BatchSource training = objective.CreateBatchSource(NetworkData.Draw(_architecture, 22, 1), 8, shuffleSeed: 3, retained: 6);
        BatchSource validation = objective.CreateBatchSource(NetworkData.Draw(_architecture, 9, 2), 100, shuffleSeed: null, retained: 2);
        return new(objective, training, validation, options);
    }

    private static LoopResult<TVector> Run<TVector>(INetworkObjective<TVector, double> objective, LoopOptions options) where TVector : class, IVector<TVector> =>
        Loop(objective, options).Run();

    private static void Compare<TVector>(LoopResult<TVector> expected, LoopResult<TorchVector> actual, double tolerance, string what) where TVector : class, IVector<TVector>
    {
        Assert.AreEqual(expected.Status, actual.Status, what);
        Assert.AreEqual(expected.Steps, actual.Steps, what);
        Assert.AreEqual(expected.BestStep, actual.BestStep, what);
        Assert.AreEqual(expected.GradientEvaluations, actual.GradientEvaluations, 1e-9, what);
        double[] weights = new double[expected.FinalWeights.Length];
        expected.FinalWeights.CopyTo(weights);
        Finite.AreClose(weights, actual.FinalWeights.ToArray(), tolerance, what);
        Finite.AreClose(Numbers(expected.Trajectory), Numbers(actual.Trajectory), tolerance, what);
    }

    private static double[] Numbers(Trajectory t) =>
        [.. t.TrainingLosses, .. t.ValidationLosses.Where(double.IsFinite), .. t.Names.SelectMany(t.Values), .. t.Names.SelectMany(t.HypergradientNorms)];

    private static void Stop(int windows, CancellationTokenSource source)
    {
        if (windows == 2)
            source.Cancel();
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
