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
        using TorchResult result = TorchOnePass.Train(() => nn.Linear(3, 1), (output, target) => (output - target).square().mean(), (x, y), (x, y), new() { Steps = 300 }, CUDA);
        Assert.IsLessThan(1e-3, result.BestValidationLoss);
        Assert.AreEqual(DeviceType.CUDA, result.Module.parameters().First().device_type);
    }

    private static Tensor Numbers(long[] shape, int seed) => tensor(Finite.Random((int)shape.Aggregate((a, b) => a * b), seed), shape, dtype: ScalarType.Float64, device: CUDA);
}
