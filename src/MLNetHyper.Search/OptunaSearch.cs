namespace MLNetHyper.Search;

/// <summary>
/// A search that Optuna conducts, the Python library: it needs a Python that has it, <c>python3</c>, <c>python</c> or the one that the environment variable
/// <c>MLNETHYPER_PYTHON</c> names. The start of the one-pass run is tried first; then a model of which settings were good names the next, one after the other.
/// </summary>
public sealed class OptunaSearch : RestartSearch
{
    private const int LastRung = AshaSearch.Rungs - 1;

    private readonly bool _halving;

    private OptunaSearch(string name, bool halving) : base(name) => _halving = halving;

    /// <summary>The tree-structured Parzen estimator (Bergstra et al. 2011) with Optuna's defaults, among them ten settings drawn before the model is asked; every setting is trained to the end.</summary>
    public static OptunaSearch Tpe { get; } = new("tpe", halving: false);

    /// <summary>
    /// What BOHB is (Falkner et al. 2018, section 4): Hyperband, whose settings a Parzen estimator of all hyperparameters together names. Put together from Optuna's own
    /// parts, <c>HyperbandPruner</c> with reduction 4 from a 64th of the steps on and <c>TPESampler</c> with <c>multivariate</c>, which is asked in each bracket as soon as it has
    /// seen one setting more than there are hyperparameters.
    /// </summary>
    public static OptunaSearch Bohb { get; } = new("bohb", halving: true);

    /// <summary>Both.</summary>
    public static IReadOnlyList<OptunaSearch> Both { get; } = [Tpe, Bohb];

    internal override void Require() => OptunaStudy.Require(Name);

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        using OptunaStudy study = OptunaStudy.Start(Name, Setup(problem, space), cancellation);
        return Best(Runs(study, problem, space, multiple * problem.Steps, cancellation));
    }

    private IEnumerable<RestartRun> Runs(OptunaStudy study, RestartProblem problem, SearchSpace space, long left, CancellationToken cancellation)
    {
        for (int i = 0; left > 0; i++)
        {
            double[] at = study.Ask();
            RestartRun run = problem.Start(space.At(at[0], at[1], at.ElementAtOrDefault(2)), i);
            for (int rung = _halving ? 0 : LastRung; rung <= LastRung && left > 0; rung++)
            {
                run.RunTo(AshaSearch.StepsAt(problem, rung), ref left, cancellation);
                if (run.HasDiverged || rung == LastRung)
                {
                    study.Tell(problem.Told(run.HasDiverged ? double.NaN : run.ValidationLoss));
                    break;
                }
                if (study.IsPruned(problem.Told(run.LatestValidationLoss), PartsAt(rung)))
                    break;
            }
            yield return run;
        }
    }

    private OptunaSetup Setup(RestartProblem problem, SearchSpace space)
    {
        // A rule without momentum has nothing there to learn from.
        string[] names = problem.HasMomentum ? [Hyperparameter.LearningRate, Hyperparameter.WeightDecay, Hyperparameter.Momentum] : [Hyperparameter.LearningRate, Hyperparameter.WeightDecay];
        (double u, double v, double w) = space.CoordinatesOf(problem.StartIn(space));
        return new(problem.Seed, names, names.Length == 3 ? [u, v, w] : [u, v], _halving ? names.Length + 1 : 10, Multivariate: _halving, _halving ? PartsAt(LastRung) : 1, AshaSearch.Reduction);
    }

    // The first rung is one part of a training.
    private static int PartsAt(int rung) => (int)Math.Pow(AshaSearch.Reduction, rung);
}
