using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using SearchSpace = Microsoft.ML.SearchSpace.SearchSpace;

namespace MLNetHyper.AutoML;

/// <summary>A tuner of ML.NET AutoML that sweeps the hyperparameters of <c>FixedSgd</c>: what restart-based search gives.</summary>
/// <remarks>
/// AutoML proposes and is told the validation loss; the engine trains, exactly as <c>FixedSgd</c> does, its guard against divergence
/// included. Where a training comes to nothing finite AutoML is told the loss of predicting the mean. As a trial's duration, by which the cost-frugal
/// tuners choose, it is told the trial's gradient evaluations, so that the same seed tries the same settings on every machine.
/// </remarks>
public sealed class AutoMLSearch : TrialSearch
{
    private const string SpaceName = "FixedSgd";
    private const string PipelineName = "_pipeline_";

    // Behind the empty pipeline that it is appended to.
    private const string TrainerName = "e1";

    private readonly Action<AutoMLExperiment, TrialSession> _setTuner;

    private AutoMLSearch(string name, Action<AutoMLExperiment, TrialSession> setTuner) : base(name) => _setTuner = setTuner;

    /// <summary>Random search.</summary>
    public static AutoMLSearch Random { get; } = new("automl-random", (experiment, session) => Flat(experiment, session).SetRandomSearchTuner(session.Seed));

    /// <summary>Grid search, on the finest whole grid that the budget allows: of n trials the cube root of n steps for each hyperparameter.</summary>
    public static AutoMLSearch Grid { get; } = new("automl-grid", (experiment, session) => Flat(experiment, session).SetMaxModelToExplore(GridPoints(session)).SetGridSearchTuner(GridSteps(session)));

    /// <summary>Sequential model-based optimization with random forests (Hutter et al. 2011).</summary>
    public static AutoMLSearch Smac { get; } = new("automl-smac", (experiment, session) => Flat(experiment, session).SetSmacTuner());

    /// <summary>Frugal optimization for cost-related hyperparameters (Wu et al. 2021).</summary>
    public static AutoMLSearch CostFrugal { get; } = new("automl-cost-frugal", (experiment, session) => Flat(experiment, session).SetCostFrugalTuner());

    /// <summary>The same behind an estimated cost for improvement (Wang et al. 2021), AutoML's default tuner of pipelines.</summary>
    public static AutoMLSearch EciCostFrugal { get; } = new("automl-eci", (experiment, session) => InPipeline(experiment, session).SetEciCostFrugalTuner());

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AutoMLSearch> Tuners { get; } = [Random, Grid, Smac, CostFrugal, EciCostFrugal];

    /// <inheritdoc/>
    protected override void Conduct(TrialSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        AutoMLExperiment experiment = new MLContext(session.Seed).Auto().CreateExperiment(new AutoMLExperiment.AutoMLExperimentSettings { Seed = session.Seed });
        experiment.SetMaxModelToExplore(session.Trials);
        _setTuner(experiment, session);
        experiment.SetTrialRunner(_ => new EngineTrialRunner(session, parameter => FixedSgdSpace.Read(parameter.ContainsKey(SpaceName) ? parameter[SpaceName] : parameter[PipelineName][TrainerName])));
        experiment.RunAsync(session.Cancellation).GetAwaiter().GetResult();
    }

    private static AutoMLExperiment Flat(AutoMLExperiment experiment, TrialSession session)
    {
        var space = new SearchSpace();
        FixedSgdSpace.AddTo(space, session.Space);
        return experiment.AddSearchSpace(SpaceName, space);
    }

    // This tuner knows pipelines only. The trainer in it is never asked to train.
    private static AutoMLExperiment InPipeline(AutoMLExperiment experiment, TrialSession session) =>
        experiment.SetPipeline(new EstimatorChain<ITransformer>().Append(new MLContext(session.Seed).Auto().FixedSgdRegression(space: session.Space)));

    private static int GridSteps(TrialSession session) => Math.Max(1, (int)Math.Floor(Math.Cbrt(session.Trials) + 1e-9));

    private static int GridPoints(TrialSession session) => (int)Math.Pow(GridSteps(session), 3);
}
