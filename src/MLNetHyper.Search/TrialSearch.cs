namespace MLNetHyper.Search;

/// <summary>
/// A search that is conducted elsewhere, such as by another library's tuner: it names settings one after the other, every one is
/// trained to the end, and it is told how good each was. Derive from it to compare a search of your own.
/// </summary>
public abstract class TrialSearch : RestartSearch
{
    private readonly bool _guard;

    /// <summary>For derived classes.</summary>
    /// <param name="name">The search's name in tables and reports, unlike all others compared with it.</param>
    /// <param name="guard">
    /// Whether trainings go back when they diverge, halve their learning rate and go on, as those of <see cref="OnePass"/> do (default), or
    /// end there, as those of the engine's own searches do.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, or has a character that could not stand in a table or a file.</exception>
    protected TrialSearch(string name, bool guard = true) : base(name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Any(c => c is ',' or '"' or '|' || char.IsControl(c)))
            throw new ArgumentException($"A search's name stands in tables and files, so it must do without commas, quotation marks, vertical bars and line breaks, but is '{name}'.", nameof(name));
        _guard = guard;
    }

    /// <summary>Tries settings until the session has no trials left. Several sessions may be conducted at a time, by different threads.</summary>
    protected abstract void Conduct(TrialSession session);

    internal override SearchOutcome Run(RestartProblem problem, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        var session = new TrialSession(problem, space, multiple, _guard, cancellation);
        Conduct(session);
        cancellation.ThrowIfCancellationRequested();
        return session.Outcome ?? throw new InvalidOperationException($"The search '{Name}' ended without trying a single setting.");
    }
}

/// <summary>The trials that one search may make on one division of the data.</summary>
public sealed class TrialSession
{
    private readonly RestartProblem _problem;
    private readonly bool _guard;

    internal TrialSession(RestartProblem problem, SearchSpace space, int trials, bool guard, CancellationToken cancellation)
    {
        _problem = problem;
        Space = space;
        Trials = trials;
        _guard = guard;
        Cancellation = cancellation;
    }

    /// <summary>Where to search.</summary>
    public SearchSpace Space { get; }

    /// <summary>Where the one-pass run starts, within the bounds of <see cref="Space"/>: what the engine's own searches try first.</summary>
    public SearchPoint Start => _problem.StartIn(Space);

    /// <summary>How many settings may be tried.</summary>
    public int Trials { get; }

    /// <summary>How many have been tried.</summary>
    public int Tried { get; private set; }

    /// <summary>The repeat's seed. The same seed must lead to the same settings.</summary>
    public int Seed => _problem.Seed;

    /// <summary>Ends the comparison.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The gradient evaluations of the last trial, which does not depend on the machine; 0 before the first.</summary>
    public double LastCost { get; private set; }

    internal SearchOutcome? Outcome { get; private set; }

    /// <summary>Trains once with a setting. Not for several threads at a time.</summary>
    /// <param name="setting">What to try; it is brought within the bounds of <see cref="Space"/>.</param>
    /// <returns>The lowest validation loss; that of predicting the training rows' mean, or their class shares, where training diverged before any was finite.</returns>
    /// <exception cref="ArgumentException">The setting has a number that is not finite.</exception>
    /// <exception cref="InvalidOperationException">No trials are left.</exception>
    /// <exception cref="OperationCanceledException">The caller of the comparison canceled.</exception>
    public double Evaluate(SearchPoint setting)
    {
        if (!double.IsFinite(setting.LearningRate + setting.WeightDecay + setting.Momentum))
            throw new ArgumentException($"A setting must have finite numbers, but is {setting}.", nameof(setting));
        if (Tried == Trials)
            throw new InvalidOperationException($"The search has made its {Trials} trials.");
        RestartRun run = _problem.Start(Space.Clamp(setting), Tried++, _guard);
        run.RunTo(_problem.Steps, Cancellation);
        Outcome = Outcome is not { } before
            ? new(run, run.GradientEvaluations, run.Settings, run.DivergedSettings)
            : new(run.ValidationLoss < before.Best.ValidationLoss ? run : before.Best, before.GradientEvaluations + run.GradientEvaluations, before.Trials + run.Settings, before.Diverged + run.DivergedSettings);
        LastCost = run.GradientEvaluations;
        return _problem.Told(run.ValidationLoss);
    }
}
