using Microsoft.ML;
using MLNetHyper.Engine;
using MLNetHyper.Engine.Tests;

namespace MLNetHyper.Tests.Training;

/// <summary>Devices in an application that has nothing for GPUs.</summary>
[TestClass]
public sealed class DeviceTests
{
    [TestMethod]
    public void A_GPU_without_its_package_is_told_of_before_rows_are_read()
    {
        IDataView unreadable = TaskCase.Context.Data.LoadFromEnumerable(Unreadable());
        DeviceUnavailableException e = Assert.Throws<DeviceUnavailableException>(() => Fit(TaskCase.Context, o => o.Device = Device.Cuda(1), unreadable));
        Assert.IsInstanceOfType<NetworkEngineException>(e);
        foreach (string part in new[] { "cuda:1", "MLNetHyper.Torch", "TorchSharp-cuda-", PackageVersions.Property("TorchSharpVersion"), System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier })
            StringAssert.Contains(e.Message, part);
    }

    [TestMethod]
    public void Members_add_to_what_a_step_is_worth()
    {
        Architecture architecture = new(136, [64, 64], 1, Activation.Relu, Loss.SquaredError);
        string Reason(int members) => DeviceChoice.For(Device.Auto, null, architecture, new OnePassOptions { Members = members }, 128).Reason;
        Assert.Contains("a step of 0.0077 GFLOP is small", Reason(1));
        Assert.Contains("a step of 0.49 GFLOP might be faster on a GPU", Reason(64));
    }

    [TestMethod]
    public void The_log_says_what_was_chosen_and_why()
    {
        var context = new MLContext(1);
        List<string> log = [];
        context.Log += (_, e) =>
        {
            if (e.RawMessage.Contains("device", StringComparison.OrdinalIgnoreCase))
                log.Add($"{e.Kind}: {e.RawMessage}");
        };
        Fit(context, _ => { });
        Fit(context, o => o.Device = Device.Cpu);
        Fit(context, o => (o.HiddenLayers, o.Steps) = ([1200, 1200], 1));
        Assert.HasCount(3, log);
        StringAssert.Contains(log[0], "device cpu: a step of ");
        StringAssert.EndsWith(log[0], "is small.");
        StringAssert.EndsWith(log[1], "device cpu: as asked for.");
        StringAssert.EndsWith(log[2], "might be faster on a GPU, but the package MLNetHyper.Torch is not installed.");
        Assert.DoesNotContain(line => line.StartsWith("Warning", StringComparison.Ordinal), log);
    }

    private static void Fit(MLContext context, Action<OnePassSgdOptions> change, IDataView? rows = null) =>
        TaskCase.All[0].OnePassSgd(context, change).Fit(rows ?? TaskCase.Data);

    private static IEnumerable<Row> Unreadable()
    {
        yield return new Row();
        throw new InvalidOperationException("Rows were read.");
    }

    private sealed class Row
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public float Number { get; set; }
    }
}
