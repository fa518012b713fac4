namespace MLNetHyper.Torch.Tests;

/// <summary>What the other tests show on the CPU, once more on a GPU, where there is one.</summary>
[TestClass]
public sealed class GpuTests
{
    [TestMethod]
    public void Networks_follow_the_reference_traces()
    {
        Gpu.Require();
        foreach (object[] trace in GoldenTraceTests.Traces)
            GoldenTraceTests.Follow((string)trace[0], architecture => new TorchNetworkObjective<double>(architecture, CUDA));
    }

    [TestMethod]
    public void Convolution_with_batch_normalization_and_a_residual_has_the_derivatives_of_finite_differences()
    {
        Gpu.Require();
        using var objective = new TorchObjective(() => new ResidualBlock(), (output, target) => nn.functional.cross_entropy(output, target), CUDA, ScalarType.Float64);
        using Tensor x = Numbers([7, 2, 6, 6], 1), y = tensor(Enumerable.Range(0, 7).Select(i => (long)(i % 3)).ToArray(), device: CUDA);
        Finite.Check(objective, new TorchBatch(x, y, 7, 0, isForTraining: true), 1e-6, step: 1e-6);
    }

    [TestMethod]
    public void Long_short_term_memory_has_the_derivatives_of_finite_differences_with_and_without_cudnn()
    {
        Gpu.Require();
        using var objective = new TorchObjective(products => new LongShortTermMemory(3, 4, 2, fused: !products), (output, target) => (output - target).square().mean(), CUDA, ScalarType.Float64);
        using Tensor x = Numbers([6, 5, 3], 1), y = Numbers([6, 5, 4], 2);
        foreach (bool isForTraining in (bool[])[true, false])
            Finite.Check(objective, new TorchBatch(x, y, 5, 7, isForTraining), 1e-7);
    }

    [TestMethod]
    public void Second_derivatives_that_cudnn_lacks_are_an_exception()
    {
        Gpu.Require();
        using var objective = new TorchObjective(() => new LongShortTermMemory(3, 4, fused: true), (output, target) => (output - target).square().mean(), CUDA);
        using Tensor x = ones(6, 5, 3, device: CUDA), y = ones(6, 5, 4, device: CUDA);
        TorchVector w = objective.CreateVector(), g = objective.CreateVector(), v = objective.CreateVector();
        objective.Initialize(w, 1);
        ILinearization<TorchVector> point = objective.CreateLinearization();
        point.Gradient(w, new TorchBatch(x, y, 5, 0, isForTraining: true), g);
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => point.CurvatureVectorProducts(Curvature.Hessian, [g], [v], BatchPart.Whole));
        Assert.Contains(nameof(LongShortTermMemory), e.Message);
    }

    [TestMethod]
    public void Populations_are_those_of_the_CPU()
    {
        Gpu.Require();
        Architecture architecture = new(3, [4], 1, Activation.Tanh, Loss.SquaredError);
        Examples<float> rows = NetworkData.Draw(architecture, 30, 1).ToSingle();
        Dictionary<string, double>[] starts = [new() { ["lr"] = 0.1 }, new() { ["lr"] = 1e-3 }];
        IReadOnlyList<PopulationMember> expected = TorchPopulation.Train(architecture, starts, rows, rows, new() { Steps = 100 }), actual = TorchPopulation.Train(architecture, starts, rows, rows, new() { Steps = 100 }, CUDA);
        for (int k = 0; k < starts.Length; k++)
            Assert.AreEqual(1, actual[k].BestValidationLoss / expected[k].BestValidationLoss, 1e-3);
    }

    [TestMethod]
    public void Module_trains_and_stays_on_the_device()
    {
        Gpu.Require();
        using Tensor x = randn([200, 3]), y = x.sum(1, keepdim: true);
        using TorchResult result = TorchOnePass.Train(() => nn.Linear(3, 1), (output, target) => (output - target).square().mean(), (x, y), (x, y), OnePassOptions.Published with { Steps = 300 }, CUDA);
        Assert.IsLessThan(1e-3, result.BestValidationLoss);
        Assert.AreEqual(DeviceType.CUDA, result.Module.parameters().First().device_type);
    }

    [TestMethod]
    public void Update_rules_are_those_of_the_CPU()
    {
        Gpu.Require();
        Architecture architecture = new(3, [4], 1, Activation.Tanh, Loss.SquaredError);
        foreach (NamedChoice rule in UpdateRules.All)
        {
            OnePassOptions options = new() { Rule = UpdateRules.Create(rule.Name), Members = 3, Steps = 100 };
            LoopResult<DenseVector<float>> expected = Engines.TorchEngineTests.Train(NetworkEngine.Managed, architecture, options), actual = Engines.TorchEngineTests.Train(new TorchEngine(CUDA), architecture, options);
            Assert.AreEqual(1, actual.BestValidationLoss / expected.BestValidationLoss, 0.01, rule.Name);
        }
    }

    [TestMethod]
    public void Regularizers_of_modules_learn_on_the_device()
    {
        Gpu.Require();
        using Tensor images = randn([60, 1, 6, 6]).clamp(-3, 3).to(CUDA), classes = images.sum([1, 2, 3]).gt(0).to_type(ScalarType.Int64);
        Func<Tensor, Tensor, Tensor> loss = (output, target) => nn.functional.cross_entropy(output, target);
        ModuleRegularizer[] regularizers =
        [
            new LearnedAugmentation(1, width: 2),
            new DistilledExamples(images[..40], -3, 3),
            new ExampleWeights(40, (output, target) => nn.functional.cross_entropy(output, target, reduction: nn.Reduction.None)),
        ];
        foreach (ModuleRegularizer regularizer in regularizers)
        {
            foreach (InverseHessian inverse in (InverseHessian[])[new NeumannInverse(3), new ConjugateGradientInverse(3, damping: 0.1), new NystromInverse(3, damping: 0.1)])
            {
                OnePassOptions options = OnePassOptions.Published with { Method = new ImplicitDifferentiation(inverse), Steps = 100, Initial = new Dictionary<string, double> { ["lr"] = 0.1 } };
                using TorchResult result = TorchOnePass.Train(() => nn.Sequential(nn.Flatten(), nn.Linear(36, 2)), loss, (images[..40], classes[..40]), (images[40..], classes[40..]), options, CUDA, regularizer);
                Assert.IsLessThan(0.69, result.BestValidationLoss, $"{regularizer.GetType().Name}, {inverse.GetType().Name}");
                Assert.AreEqual(DeviceType.CUDA, result.Module.parameters().First().device_type);
            }
        }
    }

    [TestMethod]
    public void Self_tuning_networks_learn_on_the_device()
    {
        Gpu.Require();
        using Tensor images = randn([300, 1, 6, 6]).to(CUDA), targets = images.mean([2, 3]) * 6;
        TunedRegularizer[] parts = [new TunedCutout(length: 2, greatestLength: 4), new TunedNoise(), new TunedFeatureDropout(), new TunedDropout()];
        foreach (bool separate in (bool[])[true, false])
        {
            SelfTuningRegularizers regularizers = new(parts) { Separate = separate };
            using TorchResult result = TorchOnePass.Train(
                () => nn.Sequential([.. parts[..3].Select(regularizers.Layer), new BestResponseConv2d(1, 4, 3, regularizers, padding: 1), nn.ReLU(), nn.Flatten(), regularizers.Layer(parts[3]), new BestResponseLinear(144, 1, regularizers)]),
                (output, target) => (output - target).square().mean(), (images[..200], targets[..200]), (images[200..], targets[200..]), SelfTuning.Options with { Steps = 300, BatchSize = 40 }, CUDA, regularizers);
            Assert.AreEqual(TrainingStatus.Completed, result.Status);
            Assert.IsLessThan(0.8, result.BestValidationLoss);
        }
    }

    private static Tensor Numbers(long[] shape, int seed) => tensor(Finite.Random((int)shape.Aggregate((a, b) => a * b), seed), shape, dtype: ScalarType.Float64, device: CUDA);
}
