namespace MLNetHyper.Torch.Tests;

/// <summary>Hyperparameters of a module's training loss: their derivatives against finite differences, and what they are good for.</summary>
[TestClass]
public sealed class RegularizerTests
{
    private static IEnumerable<object[]> Methods => HypergradientMethods.All.Where(m => HypergradientMethods.Create(m.Name).TunesObjective).Select(m => new object[] { m.Name });

    [TestMethod]
    public void Tangents_and_hypergradients_are_the_gradients_differences()
    {
        using var objective = Objective(new Everything());
        using Data data = new();
        AreDifferences(objective, data.Batch);
    }

    [TestMethod]
    [DataRow(DistilledExamples.Name)]
    [DataRow(LearnedAugmentation.Name)]
    public void So_are_those_of_what_changes_the_inputs(string name)
    {
        TorchRuntime.Require(null);
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(Finite.Random(5 * 16, 1), [5, 1, 4, 4], dtype: ScalarType.Float64), y = tensor(Finite.Random(5, 2), [5, 1], dtype: ScalarType.Float64);
        // Shuffled: inputs are learned by the example, wherever it stands in a batch.
        using TensorBatchSource source = new(x, y, 3, 7);
        using var objective = new TorchObjective(
            () => nn.Sequential(("flat", nn.Flatten()), ("hidden", nn.Linear(16, 2)), ("tanh", nn.Tanh()), ("out", nn.Linear(2, 1))), (output, target) => (output - target).square().mean(), type: ScalarType.Float64,
            regularizer: name == DistilledExamples.Name ? new DistilledExamples(x, -2, 2) : new LearnedAugmentation(1, width: 2));
        Assert.AreEqual(name, objective.Hyperparameters.Single().Name);
        AreDifferences(objective, source.BatchAt(0));
    }

    [TestMethod]
    public void Products_are_those_of_the_training_loss()
    {
        using var objective = Objective(new Everything());
        using Data data = new();
        ILinearization<TorchVector> training = objective.CreateTraining(Values(objective).OfObjective, withProducts: true);
        TorchVector weights = objective.CreateVector(), gradient = objective.CreateVector(), direction = objective.CreateVector(), product = objective.CreateVector(), gaussNewton = objective.CreateVector();
        objective.Initialize(weights, 1);
        direction.CopyFrom(Finite.Random(weights.Length, 4));
        double[] start = weights.ToArray(), along = direction.ToArray(), plus = At(1e-5), minus = At(-1e-5);
        At(0);
        training.CurvatureVectorProducts(Curvature.Hessian, [direction], [product], BatchPart.Whole);
        Finite.AreClose([.. plus.Zip(minus, (a, b) => (a - b) / 2e-5)], product.ToArray(), 1e-7);
        // The module is linear and the loss a square, so that there is nothing but the Gauss-Newton part and the penalty.
        training.CurvatureVectorProducts(Curvature.GaussNewton, [direction], [gaussNewton], BatchPart.Whole);
        Finite.AreClose(product.ToArray(), gaussNewton.ToArray(), 1e-12);
        Assert.AreEqual(objective.CreateLinearization().Loss(weights, data.Held), ((IObjective<TorchVector>)objective).CreateValidation(Values(objective).OfObjective).Loss(weights, data.Held), "validation is plain");

        double[] At(double t)
        {
            weights.CopyFrom([.. start.Zip(along, (w, d) => w + (t * d))]);
            training.Gradient(weights, data.Batch, gradient);
            return gradient.ToArray();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Every_method_tunes_them_repeatably(string method)
    {
        LoopResult<TorchVector>[] runs = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var objective = Objective(new Everything());
            using Data data = new();
            var rule = new SgdUpdate();
            HypergradientMethod chosen = HypergradientMethods.Create(method);
            var options = new LoopOptions
            {
                Rule = rule,
                Method = chosen,
                Steps = 40,
                Hyperparameters = [.. rule.Hyperparameters.Select(h => h with { Tuned = chosen.Tunes?.Contains(h.Name) ?? true }), .. objective.Hyperparameters],
            };
            return new OnePassLoop<TorchVector>(objective, new TensorBatchSource(data.X, data.Y, 4, 1), new TensorBatchSource(data.HeldX, data.HeldY, 6, null, 2, isForTraining: false), options).Run();
        })];
        foreach (string name in (string[])["noise", "penalty", "weights"])
        {
            Assert.AreNotEqual(runs[0].Trajectory.Values(name)[0], runs[0].Trajectory.Values(name)[^1], name);
            CollectionAssert.AreEqual(runs[0].Trajectory.Values(name).ToArray(), runs[1].Trajectory.Values(name).ToArray());
        }
        Assert.AreEqual(0, runs[0].Rollbacks);
    }

    [TestMethod]
    public void Examples_with_wrong_labels_get_low_weights()
    {
        // Two clusters; the labels of every third training example are wrong.
        const int Count = 90;
        TorchRuntime.Require(null);
        random.manual_seed(0).Dispose();
        using DisposeScope scope = NewDisposeScope();
        Tensor y = arange(Count, dtype: ScalarType.Int64) % 2, x = randn(Count, 2) + (4 * y.unsqueeze(1)) - 2, heldY = arange(40, dtype: ScalarType.Int64) % 2, heldX = randn(40, 2) + (4 * heldY.unsqueeze(1)) - 2;
        Tensor wrong = (arange(Count, dtype: ScalarType.Int64) % 3).eq(0), noisy = where(wrong, 1 - y, y);
        using TorchResult result = TorchOnePass.Train(
            () => nn.Linear(2, 2), (output, target) => nn.functional.cross_entropy(output, target), (x, noisy), (heldX, heldY), new() { Steps = 600, Tune = [ExampleWeights.Name] },
            regularizer: new ExampleWeights(Count, (output, target) => nn.functional.cross_entropy(output, target, reduction: nn.Reduction.None)));
        IReadOnlyList<double> weights = result.RegularizerValues[ExampleWeights.Name];
        Assert.HasCount(Count, weights);
        bool[] isWrong = wrong.data<bool>().ToArray();
        Assert.IsLessThan(0.5 * weights.Where((_, i) => !isWrong[i]).Average(), weights.Where((_, i) => isWrong[i]).Average());
    }

    [TestMethod]
    public void The_facade_takes_a_regularizer_and_refuses_what_does_not_fit()
    {
        using Data data = new();
        OnePassOptions options = OnePassOptions.Published with { Steps = 40, Tune = ["lr", "penalty"], Initial = new Dictionary<string, double> { ["penalty"] = 0.02 } };
        using TorchResult result = Train(options, new Everything());
        Assert.AreEqual(0.02, result.Trajectory.Values("penalty")[0], 1e-9);
        Assert.AreNotEqual(0.02, result.Trajectory.Values("penalty")[^1], 1e-6);
        Assert.AreEqual(result.Trajectory.Values("noise")[0], result.Trajectory.Values("noise")[^1], "not named, not tuned");
        Assert.Contains("has no hyperparameter 'penalty'", Assert.ThrowsExactly<ArgumentException>(() => Train(options, null)).Message);
        Assert.Contains("Write a ModuleRegularizer", Assert.ThrowsExactly<ArgumentException>(() => Train(new() { InputNoise = 0.1 }, null)).Message);
        Assert.Contains("reduction out", Assert.ThrowsExactly<InvalidOperationException>(() => Train(new() { Steps = 10 }, new ExampleWeights(8, (output, target) => (output - target).square().mean()))).Message);

        TorchResult Train(OnePassOptions options, ModuleRegularizer? regularizer) =>
            TorchOnePass.Train(() => nn.Linear(3, 1), (output, target) => (output - target).square().mean(), (data.X.@float(), data.Y.@float()), (data.HeldX.@float(), data.HeldY.@float()), options, regularizer: regularizer);
    }

    [TestMethod]
    public void Learned_inputs_start_at_the_examples_and_train_better_than_they_do()
    {
        // Two clusters, and one example of each for each of them: at first, of the wrong one.
        TorchRuntime.Require(null);
        random.manual_seed(0).Dispose();
        using DisposeScope scope = NewDisposeScope();
        Tensor y = arange(2, dtype: ScalarType.Int64), x = 0.2 - (0.4 * y.unsqueeze(1)) + zeros(2, 2), heldY = arange(40, dtype: ScalarType.Int64) % 2, heldX = randn(40, 2) + (4 * heldY.unsqueeze(1)) - 2;
        DistilledExamples distilled = new(x, -3, 3);
        using TorchResult plain = Train(null, 300), start = Train(distilled, 1), result = Train(distilled, 300);
        using Tensor first = distilled.Inputs(start), learned = distilled.Inputs(result);
        CollectionAssert.AreEqual(x.shape, learned.shape);
        Assert.AreEqual(0, (first - x).abs().max().ToDouble(), "no hyperparameter step yet");
        Assert.IsLessThanOrEqualTo(3, learned.abs().max().ToDouble());
        Assert.IsLessThan(0.2 * plain.BestValidationLoss, result.BestValidationLoss);
        Assert.IsLessThan(0, learned[0, 0].ToDouble(), "the first example went over to its cluster");
        Assert.IsGreaterThan(0, learned[1, 0].ToDouble());

        TorchResult Train(ModuleRegularizer? regularizer, long steps) => TorchOnePass.Train(
            () => nn.Linear(2, 2), (output, target) => nn.functional.cross_entropy(output, target), (x, y), (heldX, heldY),
            OnePassOptions.Published with { Method = new ImplicitDifferentiation(new NystromInverse()), MetaOptimizer = new AdamMetaOptimizer(0.1), Steps = steps, Tune = regularizer is null ? ["wd"] : [DistilledExamples.Name] }, regularizer: regularizer);
    }

    [TestMethod]
    public void An_augmenting_network_starts_as_the_identity_and_is_as_its_seed_says()
    {
        TorchRuntime.Require(null);
        using DisposeScope scope = NewDisposeScope();
        LearnedAugmentation augmentation = new(3, width: 4, seed: 5);
        Hyperparameter own = augmentation.Hyperparameters.Single();
        Assert.AreEqual((4 * 4 * 9) + 4 + (3 * 4 * 9) + 3, own.Count);
        CollectionAssert.AreEqual(own.InitialValues!.ToArray(), new LearnedAugmentation(3, width: 4, seed: 5).Hyperparameters[0].InitialValues!.ToArray());
        CollectionAssert.AreNotEqual(own.InitialValues!.ToArray(), new LearnedAugmentation(3, width: 4, seed: 6).Hyperparameters[0].InitialValues!.ToArray());
        Tensor images = rand(2, 3, 5, 6), weights = tensor([.. own.InitialValues!.Select(w => (float)w)], [own.Count]);
        Assert.AreEqual(0, (augmentation.Augment(images, weights) - images).abs().max().ToDouble());
        Tensor changed = augmentation.Augment(images, weights + 0.1);
        CollectionAssert.AreEqual(images.shape, changed.shape);
        Assert.AreNotEqual(0, (changed - augmentation.Augment(images, weights + 0.1)).abs().max().ToDouble(), "noise is drawn anew");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LearnedAugmentation(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LearnedAugmentation(1, width: 0));
    }

    /// <summary>At values beside the start, where nothing vanishes by chance.</summary>
    private static void AreDifferences(TorchObjective objective, TorchBatch batch)
    {
        HyperparameterSet<TorchVector> values = Values(objective);
        ILinearization<TorchVector> training = objective.CreateTraining(values.OfObjective, withProducts: true);
        TorchVector weights = objective.CreateVector(), gradient = objective.CreateVector(), adjoint = objective.CreateVector();
        objective.Initialize(weights, 1);
        adjoint.CopyFrom(Finite.Random(weights.Length, 4));
        foreach (HyperparameterValue<TorchVector> value in values)
        {
            double[] raw = new double[value.Count], hypergradient = new double[value.Count];
            value.CopyRawTo(raw);
            raw = [.. raw.Zip(Finite.Random(raw.Length, 5), (start, drawn) => start + (0.2 * drawn))];
            for (int k = 0; k < raw.Length; k++)
            {
                double[] plus = GradientAt(k, 1e-5), minus = GradientAt(k, -1e-5);
                GradientAt(k, 0);
                training.GradientTangent(value, k, gradient);
                double[] expected = [.. plus.Zip(minus, (a, b) => (a - b) / 2e-5)];
                Finite.AreClose(expected, gradient.ToArray(), 1e-7, $"{value.Definition.Name} {k}");
                value.ClearHypergradient();
                training.AddHypergradients(2, adjoint);
                value.CopyHypergradientTo(hypergradient);
                Assert.AreEqual(2 * gradient.Dot(adjoint), hypergradient[k], 1e-12, $"{value.Definition.Name} {k}");
            }

            double[] GradientAt(int k, double shift)
            {
                double[] moved = [.. raw];
                moved[k] += shift;
                value.SetRaw((ReadOnlySpan<double>)moved);
                training.Gradient(weights, batch, gradient);
                return gradient.ToArray();
            }
        }
    }

    private static TorchObjective Objective(ModuleRegularizer regularizer) =>
        new(() => nn.Linear(3, 1), (output, target) => (output - target).square().mean(), type: ScalarType.Float64, regularizer: regularizer);

    private static HyperparameterSet<TorchVector> Values(TorchObjective objective) =>
        new(objective.Hyperparameters, objective.Tensors, objective.CreateVector(), null, objective.Hyperparameters.Count, objective.CreateVector);

    /// <summary>Noise on the inputs, a penalty on the weights and weights of examples at once.</summary>
    private sealed class Everything : ModuleRegularizer
    {
        public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
        [
            new("noise", Transform.Identity, 0.2, -1, 1) { Tuned = true },
            new("penalty", Transform.Identity, 0.1, 0, 1) { Tuned = true },
            new("weights", Transform.Identity, 1, 0, 10) { Count = 8, Tuned = true },
        ];

        public override Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values) =>
            network.call(batch.Inputs + (values[0] * randn_like(batch.Inputs)));

        public override Tensor Loss(Tensor output, TorchBatch batch, IReadOnlyList<Tensor> values, Func<Tensor, Tensor, Tensor> loss) =>
            (values[2].index_select(0, batch.Rows!) * (output - batch.Targets).square().squeeze(1)).mean();

        public override Tensor Penalty(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> values) =>
            values[1] * parameters.Select(p => p.pow(4).sum()).Aggregate((a, b) => a + b);
    }

    /// <summary>Eight examples to learn from and six to validate on.</summary>
    private sealed class Data : IDisposable
    {
        private readonly DisposeScope _scope;
        private readonly TensorBatchSource _training;
        private readonly TensorBatchSource _held;

        internal Data()
        {
            TorchRuntime.Require(null);
            _scope = NewDisposeScope();
            X = tensor(Finite.Random(24, 1), [8, 3], dtype: ScalarType.Float64);
            Y = tensor(Finite.Random(8, 2), [8, 1], dtype: ScalarType.Float64);
            HeldX = tensor(Finite.Random(18, 3), [6, 3], dtype: ScalarType.Float64);
            HeldY = tensor(Finite.Random(6, 4), [6, 1], dtype: ScalarType.Float64);
            (_training, _held) = (new(X, Y, 8, 1), new(HeldX, HeldY, 6, null, isForTraining: false));
            (Batch, Held) = (_training.BatchAt(0), _held.BatchAt(0));
        }

        internal Tensor X { get; }

        internal Tensor Y { get; }

        internal Tensor HeldX { get; }

        internal Tensor HeldY { get; }

        internal TorchBatch Batch { get; }

        internal TorchBatch Held { get; }

        public void Dispose()
        {
            _training.Dispose();
            _held.Dispose();
            _scope.Dispose();
        }
    }
}
