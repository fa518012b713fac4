using Microsoft.ML;
using Microsoft.ML.Data;
using OnDevice = MLNetHyper.Device;

namespace MLNetHyper.Torch.Tests.Devices;

/// <summary>The ML.NET trainers on devices: what is chosen, what the log says of it, and that models do not depend on it.</summary>
[TestClass]
public sealed class DeviceTests
{
    /// <summary>libtorch on the CPU in a GPU's place.</summary>
    private static readonly Provider _onTheCpu = new(1, () => new TorchEngine());

    [TestMethod]
    public void Devices_are_equal_by_value()
    {
        Assert.AreEqual(OnDevice.Cuda(), OnDevice.Cuda(0));
        Assert.AreNotEqual(OnDevice.Cuda(1), OnDevice.Cuda(0));
        Assert.AreEqual("cuda:1", OnDevice.Cuda(1).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => OnDevice.Cuda(-1));
    }

    [TestMethod]
    public void Models_of_two_engines_give_the_same_scores()
    {
        (float[] managed, string[] log) = Scores(OnDevice.Cpu);
        StringAssert.Contains(log.Single(), "device cpu: as asked for.");
        (float[] torch, log) = Scores(OnDevice.Cuda() with { Provider = _onTheCpu });
        StringAssert.Contains(log.Single(), "device cpu (libtorch): as asked for.");
        Close(managed, torch);
    }

    [TestMethod]
    public void A_model_trained_by_libtorch_scores_where_there_is_none() => Applications.InFolder(folder =>
    {
        string path = Path.Combine(folder, "model.zip");
        var context = new MLContext(1);
        var model = Trainer(context, OnDevice.Cuda() with { Provider = _onTheCpu }).Fit(Rows(context));
        context.Model.Save(model, Rows(context).Schema, path);
        string[] printed = Applications.Run("score", path);
        Assert.AreEqual(string.Join(' ', model.Transform(Rows(context)).GetColumn<float>("Score").Take(20).Select(BitConverter.SingleToInt32Bits)), printed[0]);
        Assert.AreEqual("Loaded:", printed[1]);
    });

    [TestMethod]
    public void Auto_leaves_small_networks_to_the_managed_engine()
    {
        (_, string[] log) = Scores(OnDevice.Auto with { Provider = new Provider(1, () => throw new InvalidOperationException("Not to be asked.")) });
        StringAssert.Contains(log.Single(), "device cpu: a step of ");
        StringAssert.Contains(log.Single(), "is small.");
    }

    [TestMethod]
    public void Auto_takes_a_GPU_for_large_ones()
    {
        string[] log = TrainLarge(OnDevice.Auto with { Provider = _onTheCpu });
        StringAssert.Contains(log.Single(), "device cpu (libtorch): a step of ");
        StringAssert.Contains(log.Single(), "is worth a GPU.");
    }

    [TestMethod]
    public void Auto_without_a_GPU_says_so_without_a_warning()
    {
        string[] log = TrainLarge(OnDevice.Auto with { Provider = new Provider(0, () => throw new InvalidOperationException("Not to be asked.")) });
        StringAssert.Contains(log.Single(), "but there is no CUDA device.");
    }

    [TestMethod]
    public void Auto_falls_back_with_one_warning_where_the_libraries_are_broken()
    {
        string[] log = TrainLarge(OnDevice.Auto with { Provider = new Provider(1, () => throw new BadImageFormatException("Wrong processor.")) });
        Assert.HasCount(2, log);
        Assert.StartsWith("Warning: Training uses the managed engine, as no GPU can be used.", log[0]);
        StringAssert.Contains(log[0], "Wrong processor");
        StringAssert.Contains(log[1], "device cpu: ");
    }

    [TestMethod]
    public void Auto_falls_back_with_one_warning_where_memory_runs_out()
    {
        string[] log = TrainLarge(OnDevice.Auto with { Provider = new Provider(1, () => new Failing()) });
        Assert.HasCount(2, log);
        StringAssert.Contains(log[0], "device cuda:0: ");
        Assert.AreEqual("Warning: Training starts again with the managed engine, as cuda:0 failed. Out of memory.", log[1]);
    }

    [TestMethod]
    public void A_device_that_was_asked_for_is_not_replaced()
    {
        var context = new MLContext(1);
        Assert.Throws<TorchMemoryException>(() => Trainer(context, OnDevice.Cuda() with { Provider = new Provider(1, () => new Failing()) }).Fit(Rows(context)));
        if (!TorchRuntime.IsCudaAvailable)
            Assert.Throws<TorchUnavailableException>(() => Trainer(context, OnDevice.Cuda()).Fit(Rows(context)));
    }

    [TestMethod]
    public void Cuda_trains_the_model_of_the_CPU()
    {
        Gpu.Require();
        (float[] gpu, string[] log) = Scores(OnDevice.Cuda());
        StringAssert.Contains(log.Single(), "device cuda:0");
        Close(Scores(OnDevice.Cpu).Scores, gpu);
    }

    [TestMethod]
    public void The_versions_to_be_installed_are_those_that_the_engine_is_built_with()
    {
        string built = typeof(torch).Assembly.GetName().Version!.ToString(3);
        foreach (string named in new[] { TorchRuntime.TorchSharpVersion, TorchPackage.TorchSharpVersion })
            Assert.AreEqual(built, named);
    }

    [TestMethod]
    public void Without_libtorch_Cuda_says_what_is_missing()
    {
        string printed = Applications.Run("train", "cuda", "50").Single();
        Assert.StartsWith("MLNetHyper.Torch.TorchUnavailableException: ", printed);
        foreach (string part in new[] { "TorchSharp-cpu", "TorchSharp-cuda-", TorchRuntime.TorchSharpVersion, System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier })
            StringAssert.Contains(printed, part);
    }

    [TestMethod]
    public void Without_libtorch_Auto_trains_with_the_managed_engine()
    {
        string[] printed = Applications.Run("train", "auto", "50");
        Assert.HasCount(2, printed);
        Assert.StartsWith("Info: ", printed[0]);
        Assert.AreEqual("Completed", printed[1]);

        printed = Applications.Run("train", "auto", "1000");
        Assert.HasCount(3, printed);
        Assert.StartsWith("Warning: Training uses the managed engine, as no GPU can be used. ", printed[0]);
        Assert.AreEqual("Completed", printed[2]);
    }

    private static (float[] Scores, string[] Log) Scores(OnDevice device)
    {
        var context = new MLContext(1);
        List<string> log = Applications.Listen(context);
        var model = Trainer(context, device).Fit(Rows(context));
        return ([.. model.Transform(Rows(context)).GetColumn<float>("Score")], [.. log]);
    }

    private static string[] TrainLarge(OnDevice device)
    {
        var context = new MLContext(1);
        List<string> log = Applications.Listen(context);
        Trainer(context, device, 1000, 1000).Fit(Rows(context));
        return [.. log];
    }

    private static OnePassSgdRegressionTrainer Trainer(MLContext context, OnDevice device, params int[] hidden) => context.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options
    {
        Device = device,
        HiddenLayers = hidden.Length == 0 ? [20] : hidden,
        Activation = Activation.Tanh,
        Steps = hidden.Length == 0 ? 100 : 2,
    });

    private static IDataView Rows(MLContext context) => context.Data.LoadFromEnumerable(Enumerable.Range(0, 500).Select(i => new Row { Features = [i / 500f, i % 7 / 7f], Label = i / 500f }));

    private static void Close(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-3, $"row {i}");
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Provider(int devices, Func<NetworkEngine> create) : NetworkEngineProvider
    {
        public override int CountCudaDevices() => devices;

        public override NetworkEngine CreateCuda(int index) => create();
    }

    private sealed class Failing : NetworkEngine
    {
        public override string Name => "cuda:0";

        public override LoopResult<DenseVector<float>> Train(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
            throw new TorchMemoryException("Out of memory.", 1);
    }
}
