using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MLNetHyper.Engine.Tests;

[TestClass]
[DoNotParallelize]
public sealed class TrainingTelemetryTests
{
    private static readonly Architecture _architecture = NetworkTestData.Shape(4, [6]);
    private static readonly Examples<float> _training = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 80, 1)), _validation = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 20, 2));

    [TestMethod]
    public void A_listener_hears_what_the_trajectory_has()
    {
        List<double> training = [], rates = [];
        long steps = 0;
        using MeterListener meter = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TrainingTelemetry.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, _, _) => steps += instrument.Name == "mlnethyper.steps" ? value : 0);
        meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "mlnethyper.training.loss")
                training.Add(value);
            if (instrument.Name == "mlnethyper.hyperparameter" && (string?)tags[0].Value == "lr")
                rates.Add(value);
        });
        meter.Start();
        ConcurrentQueue<Activity> activities = [];
        using ActivityListener listener = new() { ShouldListenTo = source => source.Name == TrainingTelemetry.Name, Sample = (ref _) => ActivitySamplingResult.AllData, ActivityStopped = activities.Enqueue };
        ActivitySource.AddActivityListener(listener);

        LoopResult<DenseVector<float>> result = OnePass.Train(_architecture, _training, _validation, new() { Members = 2, Steps = 95 });

        Assert.AreEqual(95, steps + 5, "what is left of a window counts for no measurement");
        CollectionAssert.AreEqual(Enumerable.Range(0, 9).Select(i => result.Models.Average(model => model.Trajectory.TrainingLosses[i])).ToArray(), training.ToArray());
        Assert.HasCount(9, rates);
        Activity activity = activities.Single();
        Assert.AreEqual(("extrapolated", "adamw", 95L, "Completed"), ((string?)activity.GetTagItem("method"), (string?)activity.GetTagItem("rule"), (long)activity.GetTagItem("steps")!, (string?)activity.GetTagItem("status")));
        Assert.AreEqual(result.Models.Average(model => model.BestValidationLoss), (double)activity.GetTagItem("validation.loss")!);
    }
}
