namespace MLNetHyper.Engine;

/// <summary>
/// Trains by a method that learns a schedule from whole runs, <see cref="ForwardSharing"/>: the loop, each time from other initial weights, as often as the method says; and once more along the learned schedule, from the
/// weights of the options' seed. Where that run validates worse than one of the passes did, another one follows that pass's schedule, and the better of the two is kept. What <see cref="OnePassLoop{TVector}"/> is for the other methods.
/// </summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class SeveralPasses<TVector> where TVector : class, IVector<TVector>
{
    private readonly IObjective<TVector> _objective;
    private readonly BatchSource _training;
    private readonly BatchSource _validation;
    private readonly Func<int, int, (BatchSource Training, BatchSource Validation)>? _divide;
    private readonly LoopOptions _options;
    private readonly ForwardSharing _method;
    private readonly SharedSchedule _schedule;
    private readonly CheckpointKeeper? _checkpoint;
    private readonly long _resumedFrom;
    private TVector? _kept;
    private int _pass;
    private double _work;
    private double _bestLoss = double.PositiveInfinity;

    /// <summary>Prepares the runs.</summary>
    /// <param name="objective">The model and its loss.</param>
    /// <param name="training">The training batches, of which the loop keeps <see cref="RunOptions.TuningInterval"/> + 1.</param>
    /// <param name="validation">The validation batches.</param>
    /// <param name="options">How each of the runs goes. The method must be <see cref="ForwardSharing"/>, and the hyperparameters as it defines them: <see cref="HyperparametersFor"/>.</param>
    /// <exception cref="ArgumentException">The options do not fit together; the message says what to change.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public SeveralPasses(IObjective<TVector> objective, BatchSource training, BatchSource validation, LoopOptions options)
        : this(objective, training, validation, options, divide: null)
    {
    }

    /// <param name="objective">The model.</param>
    /// <param name="training">The training batches of the last run, and of all where the rows stay divided as they are.</param>
    /// <param name="validation">The validation batches, likewise.</param>
    /// <param name="options">How each of the runs goes.</param>
    /// <param name="divide">The batches of a pass, given its number and its seed, where the rows are divided anew for each.</param>
    internal SeveralPasses(IObjective<TVector> objective, BatchSource training, BatchSource? validation, LoopOptions options, Func<int, int, (BatchSource Training, BatchSource Validation)>? divide)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(objective.Hyperparameters);
        _method = options.Method as ForwardSharing ?? throw new ArgumentException($"The method '{options.Method.Name}' takes one pass: run {nameof(OnePassLoop<>)}.", nameof(options));
        _validation = validation ?? throw new ArgumentException($"The method '{_method.Name}' tunes on validation data, but there are none. Set some rows aside for validation.");
        (_objective, _training, _divide) = (objective, training, divide);
        _schedule = _method.CreateSchedule(options.DefinitionsFor(objective.Hyperparameters), options.Steps!.Value);
        // Curves and averages are for other methods: the schedule is what is learned here, by the weights that end a run.
        _options = options with { Shared = _schedule, ElementClamp = _method.ElementClamp, LearningRateSchedule = LearningRateSchedule.Constant, CheckpointPath = null };
        if (options.CheckpointPath is not { } path)
            return;
        _checkpoint = new(path, $"{RunIdentity.Of(options, objective, training, validation)}\nsteps of a pass: {options.Steps}", options.CheckpointInterval, options.Clock);
        if (_checkpoint.Load() is { } state)
            Checkpoint.Restore(path, state, Serialize);
        _resumedFrom = _pass * options.Steps.Value;
    }

    /// <summary>A rule's hyperparameters as <see cref="ForwardSharing"/> has them: without a transform, those that it tunes from 0.</summary>
    /// <param name="rule">The update rule.</param>
    /// <param name="tuned">The names of those to tune. Default: all.</param>
    public static IReadOnlyList<Hyperparameter> HyperparametersFor(UpdateRule rule, IReadOnlyList<string>? tuned = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return [.. rule.Hyperparameters.Select(h => tuned?.Contains(h.Name) == false ? h : new ForwardSharing().Define(h) with { Tuned = true })];
    }

    /// <summary>The learned values, a list for each tuned hyperparameter with a value for each window: those of the next pass, while there is one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Schedule =>
        _schedule.Rows.ToDictionary(row => row.Definition.Name, row => (IReadOnlyList<double>)[.. row.Values]);

    /// <summary>Learns the schedule and trains along it, until that is done, the budget is spent or the caller cancels.</summary>
    /// <param name="progress">Told of every window's end in every pass, on this thread; steps are counted over all passes.</param>
    /// <param name="cancellation">Takes effect within one weight step.</param>
    /// <returns>
    /// What the run along the learned schedule came to, with the work and the time of all. Where time or the caller ended it sooner, the run with the lowest validation loss so far.
    /// </returns>
    public LoopResult<TVector> Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        long start = _options.Clock.GetTimestamp();
        TimeSpan? Left() => _options.TimeBudget is { } budget ? TimeSpan.FromTicks(Math.Max(1, (budget - _options.Clock.GetElapsedTime(start)).Ticks)) : null;
        IProgress<TrainingProgress>? Of(int pass) => progress is null ? null : new PassProgress(progress, pass * _options.Steps!.Value, (Math.Max(pass, _method.Passes) + 1) * _options.Steps.Value);
        LoopResult<TVector>? best = Learn(Left, Of, cancellation);
        LoopResult<TVector> result = best is not null && HasEndedEarly(best) ? best : Follow(best, Left, Of, cancellation);
        _checkpoint?.End(isFinished: result.Status != TrainingStatus.Canceled);
        return result with { GradientEvaluations = _work, Elapsed = _options.Clock.GetElapsedTime(start), ResumedFrom = _resumedFrom, Warnings = [.. result.Warnings, .. _checkpoint?.Warnings ?? []] };
    }

    /// <summary>The passes that move the schedule. Returns the best of them, with the status of the last; null where there are none to make.</summary>
    private LoopResult<TVector>? Learn(Func<TimeSpan?> left, Func<int, IProgress<TrainingProgress>?> progress, CancellationToken cancellation)
    {
        PassBatches training = new(_training), validation = new(_validation);
        OnePassLoop<TVector>? loop = null;
        LoopResult<TVector>? best = null;
        while (_pass < _method.Passes && !_schedule.HasSettled)
        {
            // As the members of a search that starts again and again.
            int seed = unchecked(_options.Seed + (7919 * (_pass + 1)));
            LoopOptions options = _options with { AveragingDecay = 0, Patience = null, Seed = seed, TimeBudget = left() };
            Divide(training, validation, seed);
            if (loop is null)
                loop = new(_objective, training, validation, options);
            else
                loop.Restart(options);
            LoopResult<TVector> result = loop.Run(progress(_pass), cancellation);
            _work += result.GradientEvaluations;
            best = Better(best, result);
            if (HasEndedEarly(result))
                break;
            if (result.BestValidationLoss < _bestLoss)
            {
                _bestLoss = result.BestValidationLoss;
                _schedule.Keep();
            }
            _schedule.Move();
            _pass++;
            _checkpoint?.Keep(() => Checkpoint.Save(Serialize));
        }
        return best;
    }

    /// <summary>The run along the schedule; and if a pass did better, along that pass's.</summary>
    private LoopResult<TVector> Follow(LoopResult<TVector>? best, Func<TimeSpan?> left, Func<int, IProgress<TrainingProgress>?> progress, CancellationToken cancellation)
    {
        LoopOptions options = _options with { Method = new Fixed(), Hyperparameters = [.. _options.Definitions.Select(h => h with { Tuned = false })], TimeBudget = left() };
        var loop = new OnePassLoop<TVector>(_objective, _training, _validation, options);
        LoopResult<TVector> last = loop.Run(progress(_method.Passes), cancellation);
        _work += last.GradientEvaluations;
        if (HasEndedEarly(last))
            return Better(best, last);
        if (!(last.BestValidationLoss > _bestLoss))
            return last;
        last = Better(null, last);
        _schedule.Exchange();
        loop.Restart(options with { TimeBudget = left() });
        LoopResult<TVector> again = loop.Run(progress(_method.Passes + 1), cancellation);
        _work += again.GradientEvaluations;
        if (again.BestValidationLoss < last.BestValidationLoss)
            return again;
        _schedule.Exchange();
        return HasEndedEarly(again) ? last with { Status = again.Status } : last;
    }

    private static bool HasEndedEarly(LoopResult<TVector> result) => result.Status is TrainingStatus.Canceled or TrainingStatus.TimeBudgetSpent;

    private void Divide(PassBatches training, PassBatches validation, int seed)
    {
        if (_divide is null)
        {
            training.MoveTo(_pass * _options.Steps!.Value);
            return;
        }
        (BatchSource trains, BatchSource validates) = _divide(_pass, seed);
        training.Replace(trains);
        validation.Replace(validates);
    }

    /// <summary>The one of two runs that validates better, with the status of the later; its weights are kept apart, since the loop that made them goes on.</summary>
    private LoopResult<TVector> Better(LoopResult<TVector>? best, LoopResult<TVector> result)
    {
        if (best is not null && !(result.BestValidationLoss < best.BestValidationLoss))
            return best with { Status = result.Status };
        _kept ??= _objective.CreateVector();
        _kept.CopyFrom(result.Weights);
        return result with { Weights = _kept, FinalWeights = _kept };
    }

    /// <summary>The whole state between two passes.</summary>
    private void Serialize(StateArchive archive)
    {
        archive.Value(ref _pass);
        archive.Value(ref _work);
        archive.Value(ref _bestLoss);
        _schedule.Serialize(archive);
    }

    private sealed class PassProgress(IProgress<TrainingProgress> progress, long before, long all) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(value with { Step = before + value.Step, Steps = all });
    }
}
