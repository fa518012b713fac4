using Microsoft.ML.AutoML;
using Microsoft.ML.SearchSpace;

namespace MLNetHyper.AutoML;

/// <summary>Runs AutoML's trials on the engine.</summary>
internal sealed class EngineTrialRunner(TrialSession session, Func<Parameter, SearchPoint> read) : ITrialRunner
{
    public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct)
    {
        double loss = session.Evaluate(read(settings.Parameter));
        return Task.FromResult(new TrialResult { TrialSettings = settings, Loss = loss, Metric = loss, DurationInMilliseconds = session.LastCost });
    }

    public void Dispose()
    {
    }
}
