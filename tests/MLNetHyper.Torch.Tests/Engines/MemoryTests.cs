using ExternalException = System.Runtime.InteropServices.ExternalException;

namespace MLNetHyper.Torch.Tests.Engines;

/// <summary>What a training is said to need beforehand is what it takes; what does not fit is refused with figures.</summary>
[TestClass]
public sealed class MemoryTests
{
    private static readonly Architecture _architecture = new(3, [5, 4], 1, Activation.Tanh, Loss.SquaredError);

    private static readonly Examples<float> _training = NetworkData.Draw(_architecture, 60, 1).ToSingle(), _validation = NetworkData.Draw(_architecture, 20, 2).ToSingle();

    [TestMethod]
    public void Vectors_are_as_many_as_were_said_whatever_the_method_the_rule_and_the_granularity()
    {
        int runs = 0;
        foreach (HypergradientMethod method in HypergradientMethods.All.Select(m => m.Name == "fds" ? new ForwardSharing(passes: 1) : HypergradientMethods.Create(m.Name)))
        {
            foreach (UpdateRule rule in UpdateRules.All.Select(r => UpdateRules.Create(r.Name)))
            {
                foreach (Granularity granularity in Enum.GetValues<Granularity>())
                {
                    foreach (OnePassOptions variant in Variants(OnePassOptions.Published with { Method = method, Rule = rule, LearningRateGranularity = granularity, BatchSize = 16, Steps = 11 }))
                    {
                        if (!IsPossible(variant))
                            continue;
                        RunFootprint said = RunFootprint.Of(new NetworkShape(_architecture).Tensors, _training.Count, false, _validation.Count, variant);
                        using var objective = new TorchNetworkObjective<float>(_architecture);
                        LoopResult<TorchVector> result = OnePass.Train(objective, _training, _validation, variant);
                        string what = $"{method.Name}, {rule.Name}, {granularity}, {variant.GradientClip}, {variant.RetrainOnAll}, {result.Status}";
                        // Training again is left out where the first weights were the best.
                        if (variant.RetrainOnAll && result.BestStep == 0)
                            continue;
                        Assert.AreEqual(said.Vectors, objective.VectorCount, what);
                        runs++;
                    }
                }
            }
        }
        Assert.IsGreaterThan(50, runs);
    }

    [TestMethod]
    public void Populations_and_modules_that_do_not_fit_are_refused_before_they_begin()
    {
        var wide = new Architecture(3, [1000], 1, Activation.Tanh, Loss.SquaredError);
        IReadOnlyDictionary<string, double>[] starts = [.. Enumerable.Repeat(new Dictionary<string, double>(), 400_000)];
        TorchMemoryException e = Assert.ThrowsExactly<TorchMemoryException>(() => TorchPopulation.Train(wide, starts, _training, _validation, new() { Steps = 10 }));
        Assert.Contains("GiB", e.Message);
        e = Assert.ThrowsExactly<TorchMemoryException>(() => new DeviceMemory(CPU, new(1L << 50, 0, null, 5)).Train(() => 1, isOwnNetwork: false));
        Assert.Contains("an unknown amount for the layers at 5 examples a batch", e.Message);
    }

    [TestMethod]
    public void Vectors_of_a_module_are_as_many_as_were_said()
    {
        using var objective = new TorchObjective(() => nn.Linear(3, 1), (output, target) => (output - target).square().mean());
        using Tensor x = ones(20, 3), y = ones(20, 1);
        using var batches = new TensorBatchSource(x, y, 5, 1);
        OnePassOptions options = new() { Steps = 20, BatchSize = 5 };
        new OnePassLoop<TorchVector>(objective, batches, batches, options.ToLoop(20)).Run();
        Assert.AreEqual(RunFootprint.Of(objective.Tensors, 20, false, 20, options).Vectors, objective.VectorCount);
    }

    [TestMethod]
    public void Passes_share_their_vectors()
    {
        int VectorsOf(int passes)
        {
            using var objective = new TorchNetworkObjective<float>(_architecture);
            OnePass.Train(objective, _training, _validation, OnePassOptions.Published with { Method = new ForwardSharing(passes: passes), BatchSize = 16, Steps = 11 });
            return objective.VectorCount;
        }
        Assert.AreEqual(VectorsOf(1), VectorsOf(4));
    }

    [TestMethod]
    public void What_products_are_taken_of_is_counted()
    {
        RunFootprint shared = RunFootprint.Of(new NetworkShape(_architecture).Tensors, 60, false, 20, OnePassOptions.Published with { Method = new ForwardSharing(7, 1, 2), BatchSize = 16 });
        Assert.AreEqual((10, 160L), (shared.Directions, shared.Examples), "every window, once all have begun");
        RunFootprint tangents = RunFootprint.Of(new NetworkShape(_architecture).Tensors, 60, false, 20, OnePassOptions.Published with { Method = new ForwardMode(), BatchSize = 16 });
        Assert.AreEqual((3, 12L), (tangents.Directions, tangents.Examples), "three directions on a quarter of the batch");
        RunFootprint unrolled = RunFootprint.Of(new NetworkShape(_architecture).Tensors, 60, false, 20, OnePassOptions.Published with { Method = new Unrolled(7), BatchSize = 16 });
        Assert.AreEqual((1, 16L, 7), (unrolled.Directions, unrolled.Examples, unrolled.Products));
        Assert.AreEqual(0, RunFootprint.Of(new NetworkShape(_architecture).Tensors, 60, false, 0, OnePassOptions.Published with { Method = new Fixed() }).Products);
    }

    [TestMethod]
    public void The_estimate_grows_with_the_batch_the_rows_and_the_network()
    {
        var wide = new Architecture(100, [256], 10, Activation.Relu, Loss.SoftmaxCrossEntropy);
        Examples<float> Rows(int count) => new(new float[count * 100], 100, new float[count]);
        var options = OnePassOptions.Published with { HiddenLayers = [256], BatchSize = 100 };
        long bytes = TorchEngine.EstimateBytes(wide, Rows(1000), Rows(100), options);
        long weights = (100 * 256) + 256 + (256 * 10) + 10;
        int vectors = RunFootprint.Of(new NetworkShape(wide).Tensors, 1000, false, 100, options).Vectors;
        // Rows of 100 features are sent, and batches of them kept; the layers' numbers are fewer.
        Assert.IsTrue(bytes > 4 * ((vectors * weights) + (1100 * 111) + (11 * 100 * 111)) && bytes < 3 * 4 * ((vectors * weights) + (1100 * 111) + (11 * 100 * 111)), $"{bytes}");
        Assert.IsGreaterThan(bytes + (4 * 900 * 500), TorchEngine.EstimateBytes(wide, Rows(1000), Rows(100), options with { BatchSize = 1000 }));
        Assert.IsGreaterThan(bytes + (4 * 1000 * 100), TorchEngine.EstimateBytes(wide, Rows(2000), Rows(100), options));
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_with_figures_before_training()
    {
        var huge = new Architecture(20_000, [100_000], 1, Activation.Relu, Loss.SquaredError);
        var rows = new Examples<float>(new float[40_000], 20_000, new float[2]);
        long before = LiveTensors.CountSettled();
        TorchMemoryException e = Assert.Throws<TorchMemoryException>(() => new TorchEngine().Train(huge, rows, rows, OnePassOptions.Published));
        Assert.IsGreaterThan(100L << 30, e.EstimatedBytes);
        foreach (string part in new[] { "GiB", "2 examples a batch", "smaller batch" })
            StringAssert.Contains(e.Message, part);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Memory_that_libtorch_does_not_get_is_told_of_with_the_estimate()
    {
        ExternalException failure = Assert.Throws<ExternalException>(() => zeros(1L << 50, dtype: ScalarType.Float32));
        Assert.IsTrue(DeviceMemory.IsOutOfMemory(failure), failure.Message);
        Assert.IsTrue(DeviceMemory.IsOutOfMemory(new Libtorch("CUDA out of memory. Tried to allocate 20.00 MiB.")));
        Assert.AreSame(failure, DeviceMemory.OfLibtorch(new InvalidOperationException("", failure)));
        var estimate = new MemoryEstimate(1 << 20, 1 << 19, 1 << 10, 256);
        var e = (TorchMemoryException)new DeviceMemory(CPU, estimate).Translate(failure);
        Assert.AreEqual(estimate.Total, e.EstimatedBytes);
        StringAssert.Contains(e.Message, "about 1.5 MiB: 1.0 MiB for weights");
        Assert.IsInstanceOfType<TorchUnavailableException>(new DeviceMemory(CPU, estimate).Translate(new Libtorch("CUDA error: no kernel image")));
    }

    private static IEnumerable<OnePassOptions> Variants(OnePassOptions options) =>
        [options, options with { GradientClip = 1 }, options with { RetrainOnAll = true }, options with { BatchSize = null }];

    private static bool IsPossible(OnePassOptions options)
    {
        try
        {
            options.Check();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private sealed class Libtorch(string message) : ExternalException(message);
}
