using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MLNetHyper.Engine;

/// <summary>What a training tells whoever listens while it runs, by .NET's own <see cref="ActivitySource"/> and <see cref="Meter"/>, which OpenTelemetry, dotnet-counters and others read. It costs nothing when nobody does.</summary>
/// <remarks>
/// <para>An activity <c>train</c> for each run, with the tags <c>method</c>, <c>rule</c>, <c>weights</c> and, at its end, <c>status</c>, <c>steps</c>, <c>rollbacks</c> and <c>validation.loss</c>.</para>
/// <para>
/// After every window of T weight steps the measurements <c>mlnethyper.steps</c> and <c>mlnethyper.rollbacks</c> (counters), <c>mlnethyper.training.loss</c> and, where it was measured,
/// <c>mlnethyper.validation.loss</c> (means over the members that train together), and <c>mlnethyper.hyperparameter</c> with the tag <c>name</c>, such as <c>lr</c>.
/// </para>
/// </remarks>
public static class TrainingTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "MLNetHyper";

    private static readonly ActivitySource _activities = new(Name);
    private static readonly Meter _meter = new(Name);
    private static readonly Counter<long> _steps = _meter.CreateCounter<long>("mlnethyper.steps", "{step}", "Weight steps.");
    private static readonly Counter<long> _rollbacks = _meter.CreateCounter<long>("mlnethyper.rollbacks", "{rollback}", "Windows that were undone because a network diverged.");
    private static readonly Gauge<double> _trainingLoss = _meter.CreateGauge<double>("mlnethyper.training.loss", null, "Mean training loss of the last window.");
    private static readonly Gauge<double> _validationLoss = _meter.CreateGauge<double>("mlnethyper.validation.loss", null, "Validation loss after the last window.");
    private static readonly Gauge<double> _hyperparameter = _meter.CreateGauge<double>("mlnethyper.hyperparameter", null, "A hyperparameter's value.");

    internal static Activity? Begin(LoopOptions options, int weights)
    {
        Activity? activity = _activities.StartActivity("train");
        activity?.SetTag("method", options.Method.Name).SetTag("rule", options.Rule.Name).SetTag("weights", weights);
        return activity;
    }

    internal static void End(Activity? activity, TrainingStatus status, long steps, int rollbacks, double validationLoss)
    {
        activity?.SetTag("status", status.ToString()).SetTag("steps", steps).SetTag("rollbacks", rollbacks).SetTag("validation.loss", validationLoss);
        activity?.SetStatus(status == TrainingStatus.Diverged ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
    }

    internal static void Record<TVector>(Window window, int steps, HyperparameterSet<TVector> hyperparameters) where TVector : class, IVector<TVector>
    {
        _steps.Add(steps);
        if (_rollbacks.Enabled && window.Fallen.AsSpan().Count(true) is var fallen and > 0)
            _rollbacks.Add(fallen);
        if (_trainingLoss.Enabled)
            _trainingLoss.Record(window.TrainingLosses.Average());
        if (_validationLoss.Enabled && window.ValidationLosses.Average() is var loss && !double.IsNaN(loss))
            _validationLoss.Record(loss);
        if (!_hyperparameter.Enabled)
            return;
        foreach (HyperparameterValue<TVector> value in hyperparameters)
            _hyperparameter.Record(value.Mean, new KeyValuePair<string, object?>("name", value.Definition.Name));
    }
}
