namespace MLNetHyper.Engine;

/// <summary>
/// A way to estimate the derivative of the validation loss by the hyperparameters while the weights train. An immutable
/// description; <see cref="Create"/> makes the working part for one run on one engine.
/// </summary>
public abstract class HypergradientMethod
{
    /// <summary>The method's name, as on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The name and all settings: a checkpoint of another text is refused.</summary>
    public override string ToString() => Name;

    /// <summary>Which granularities its hyperparameters may have.</summary>
    public virtual IReadOnlyList<Granularity> Granularities { get; } = [Granularity.Scalar, Granularity.PerTensor, Granularity.PerWeight];

    /// <summary>The names of the update rule's hyperparameters that it can tune, or null for all.</summary>
    public virtual IReadOnlyList<string>? Tunes => null;

    /// <summary>Whether it can tune an objective's own hyperparameters, those of the training loss.</summary>
    public virtual bool TunesObjective => true;

    /// <summary>Whether it takes the validation loss's gradient every T steps, and so needs validation data.</summary>
    public virtual bool UsesValidation => true;

    /// <summary>Whether it moves hyperparameters at all.</summary>
    public bool MovesHyperparameters => TunesObjective || Tunes is not { Count: 0 };

    /// <summary>Whether its hypergradients of one of several independent models depend on that model alone.</summary>
    internal virtual bool SeparatesModels => true;

    /// <summary>Whether an estimator for each of the independent models gives what one for all gives: it moves no hyperparameters between steps.</summary>
    internal virtual bool EstimatesApart => false;

    /// <summary>Whether it learns from whole runs, one after the other: then the loop runs several times.</summary>
    internal virtual bool TakesSeveralPasses => false;

    /// <summary>Into how many parts, at most, it divides a run.</summary>
    internal virtual int MostShared => 1;

    /// <summary>To what it needs the elements of training gradients clamped; null where it takes them as they are.</summary>
    internal virtual double? ElementClamp => null;

    /// <summary>How it has a hyperparameter that it tunes; where the options do not say otherwise, that starts there.</summary>
    internal virtual Hyperparameter Define(Hyperparameter definition) => definition;

    /// <summary>Says in a sentence why the method cannot be used so, or returns null where it can.</summary>
    /// <param name="rule">The update rule.</param>
    /// <param name="hyperparameters">The rule's hyperparameters as configured, then the objective's.</param>
    /// <param name="interval">Weight steps between two hyperparameter steps, T.</param>
    public virtual string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval)
    {
        foreach (Hyperparameter h in hyperparameters)
        {
            if (!h.Tuned)
                continue;
            bool isOfRule = rule.Hyperparameters.Any(own => own.Name == h.Name);
            if (!isOfRule && !TunesObjective)
                return $"The method '{Name}' does not tune hyperparameters of the loss, such as '{h.Name}'. Leave '{h.Name}' fixed or choose another method.";
            if (isOfRule && Tunes is { } names && !names.Contains(h.Name))
                return $"The method '{Name}' tunes {string.Join(", ", names)} only, not '{h.Name}'. Leave '{h.Name}' fixed or choose another method.";
            if (!Granularities.Contains(h.Granularity))
                return $"The method '{Name}' cannot tune '{h.Name}' {Describe(h.Granularity)}; it can {string.Join(" or ", Granularities.Select(Describe))}. Choose one of these or the method 'neumann'.";
        }
        return null;
    }

    /// <summary>Makes the estimator of one run.</summary>
    public abstract HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) where TVector : class, IVector<TVector>;

    private static string Describe(Granularity granularity) => granularity switch
    {
        Granularity.Scalar => "as one value",
        Granularity.PerTensor => "per tensor",
        _ => "per weight",
    };

    private protected static int CheckLookBack(int lookBack) =>
        lookBack is >= 1 and <= 1000 ? lookBack : throw new ArgumentOutOfRangeException(nameof(lookBack), lookBack, "The look-back distance must be from 1 to 1000.");
}

/// <summary>The working part of a hypergradient method in one run.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public abstract class HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>How many of the latest recorded steps it looks back at: 0 or more.</summary>
    public virtual int HistoryLength => 1;

    /// <summary>Whether every step must be recorded, not just the last <see cref="HistoryLength"/> before a hyperparameter step.</summary>
    public virtual bool RecordsEveryStep => false;

    /// <summary>Called with the training gradient of the coming step, not clipped, before the weights move. True if it has moved hyperparameters.</summary>
    public virtual bool BeforeStep(TVector gradient) => false;

    /// <summary>Called after each recorded step.</summary>
    public virtual void AfterStep(StepRecord<TVector> record) { }

    /// <summary>
    /// Adds the hypergradients of the real values to the context's hyperparameters.
    /// </summary>
    /// <param name="validationGradient">v, the validation loss's gradient at the current weights; may be overwritten.</param>
    /// <param name="weights">The current weights.</param>
    public abstract void Estimate(TVector validationGradient, TVector weights);

    /// <summary>Forgets what it carries from step to step, after a rollback.</summary>
    public virtual void Reset() { }

    /// <summary>Forgets it for one of the independent models.</summary>
    internal void Reset(IReadOnlyList<TensorSegment> models, int model)
    {
        if (models.Count == 1)
            Reset();
        else
            Reset(models[model]);
    }

    private protected virtual void Reset(TensorSegment model) => Reset();

    internal virtual void Serialize(StateArchive archive) { }
}
