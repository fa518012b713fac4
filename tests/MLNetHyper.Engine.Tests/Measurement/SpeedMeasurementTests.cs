using System.Text.Json;

namespace MLNetHyper.Engine.Tests;

/// <summary>What the measurement promises whatever the machine: its form, and that nothing is allocated. No speeds.</summary>
[TestClass]
public sealed class SpeedMeasurementTests
{
    private static readonly TimeSpan _brief = TimeSpan.FromMilliseconds(10);

    private static readonly Lazy<(SpeedReport Report, List<SpeedEntry> Told)> _measured = new(() =>
    {
        List<SpeedEntry> told = [];
        return (SpeedMeasurement.Measure(_brief, new Listener(told.Add)), told);
    });

    [TestMethod]
    public void Every_shape_is_measured_with_every_method_and_plain_training_first()
    {
        (SpeedReport report, List<SpeedEntry> told) = _measured.Value;
        CollectionAssert.AreEqual(told, report.Shapes.ToArray());
        CollectionAssert.AreEqual(SpeedShape.All.Select(s => s.Name).ToArray(), report.Shapes.Select(e => e.Shape).Distinct().ToArray());
        foreach (IGrouping<string, SpeedEntry> shape in report.Shapes.GroupBy(e => e.Shape))
        {
            Assert.AreEqual("fixed", shape.First().Method);
            Assert.AreEqual(1, shape.First().OnePassOverVanilla);
            Assert.AreEqual(0, shape.First().UpdateMicroseconds);
            Assert.Contains(OnePassOptions.Defaults.Method.Name, shape.Select(e => e.Method));
            Assert.AreEqual(shape.Count(), shape.Select(e => e.Method).Distinct().Count());
        }
    }

    [TestMethod]
    public void Numbers_are_positive_finite_and_fit_together()
    {
        SpeedReport report = _measured.Value.Report;
        Assert.IsTrue(double.IsFinite(report.PeakGflops) && report.PeakGflops > 0);
        foreach (SpeedEntry e in report.Shapes)
        {
            Assert.IsTrue(new[] { e.StepMicroseconds, e.Gflops, e.FractionOfPeak, e.StepGflops, e.OnePassOverVanilla }.All(x => double.IsFinite(x) && x > 0), $"{e}");
            Assert.AreEqual(e.Gflops / report.PeakGflops, e.FractionOfPeak, 1e-9 * e.FractionOfPeak);
            Assert.AreEqual(1 + (e.UpdateMicroseconds / OnePassOptions.Defaults.TuningInterval / e.StepMicroseconds), e.OnePassOverVanilla, 1e-9 * e.OnePassOverVanilla);
        }
    }

    [TestMethod]
    public void Training_allocates_nothing()
    {
        foreach (SpeedEntry entry in _measured.Value.Report.Shapes)
            Assert.AreEqual(0, entry.BytesAllocatedPerStep, $"{entry}");
    }

    [TestMethod]
    public void The_report_is_json_with_the_names_that_others_read()
    {
        SpeedReport report = _measured.Value.Report;
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.AreEqual(report.PeakGflops, json.RootElement.GetProperty("peakGflops").GetDouble());
        JsonElement shapes = json.RootElement.GetProperty("shapes");
        Assert.AreEqual(report.Shapes.Count, shapes.GetArrayLength());
        for (int i = 0; i < report.Shapes.Count; i++)
        {
            JsonElement entry = shapes[i];
            Assert.AreEqual(report.Shapes[i].Shape, entry.GetProperty("shape").GetString());
            Assert.AreEqual(report.Shapes[i].Method, entry.GetProperty("method").GetString());
            foreach (string number in (string[])["stepMicroseconds", "updateMicroseconds", "gflops", "fractionOfPeak", "stepGflops", "onePassOverVanilla", "bytesAllocatedPerStep"])
                Assert.AreEqual(JsonValueKind.Number, entry.GetProperty(number).ValueKind, number);
        }
    }

    [TestMethod]
    public void A_measurement_can_be_canceled()
    {
        Assert.ThrowsExactly<OperationCanceledException>(() => SpeedMeasurement.Measure(_brief, cancellation: new(canceled: true)));
        using var source = new CancellationTokenSource();
        int told = 0;
        Assert.ThrowsExactly<OperationCanceledException>(() => SpeedMeasurement.Measure(TimeSpan.Zero, new Listener(_ =>
        {
            told++;
            source.Cancel();
        }), source.Token));
        // The shape in hand is finished.
        Assert.AreEqual(_measured.Value.Report.Shapes.Count(e => e.Shape == SpeedShape.All[0].Name), told);
    }

    private sealed class Listener(Action<SpeedEntry> action) : IProgress<SpeedEntry>
    {
        public void Report(SpeedEntry value) => action(value);
    }
}
