namespace MLNetHyper.Engine;

/// <summary>What a hypergradient estimator may use of a run.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class HypergradientContext<TVector> where TVector : class, IVector<TVector>
{
    private readonly GradientClipping? _clip;
    private readonly TVector? _adjoint;
    private readonly TVector? _mixed;
    private readonly TVector? _a;
    private readonly TVector[] _b = [];
    private StepRecord<TVector>[] _records = [];
    private int _latest;

    internal HypergradientContext(IObjective<TVector> objective, UpdateRule rule, HyperparameterSet<TVector> hyperparameters, TVector weights, BatchSource training, WorkMeter work, GradientClipping? clip = null)
    {
        _clip = clip;
        _adjoint = clip is null ? null : objective.CreateVector();
        Weights = weights;
        Objective = objective;
        Rule = rule;
        Hyperparameters = hyperparameters;
        Training = training;
        Work = work;
        if (!hyperparameters.TunesObjective)
            return;
        (_mixed, _a) = (objective.CreateVector(), objective.CreateVector());
        _b = objective.CreateVectors(rule.StateCount);
    }

    /// <summary>The model and its loss.</summary>
    public IObjective<TVector> Objective { get; }

    /// <summary>The update rule.</summary>
    public UpdateRule Rule { get; }

    /// <summary>The hyperparameters; estimates are added to their hypergradients.</summary>
    public HyperparameterSet<TVector> Hyperparameters { get; }

    /// <summary>The current weights; not to be changed.</summary>
    public TVector Weights { get; }

    /// <summary>The training batches.</summary>
    public BatchSource Training { get; }

    /// <summary>The number of weight steps taken.</summary>
    public long StepsTaken { get; internal set; }

    /// <summary>How many recorded steps are at hand.</summary>
    public int RecordCount { get; private set; }

    internal WorkMeter Work { get; }

    /// <summary>The schedule that the run follows and its method learns; null where there is none.</summary>
    internal SharedSchedule? Schedule { get; init; }

    /// <summary>The recorded step that lies <paramref name="back"/> steps before the latest one (0).</summary>
    public StepRecord<TVector> Record(int back) => _records[(_latest - back + _records.Length) % _records.Length];

    /// <summary>
    /// Pulls an adjoint of a recorded step's gradient back to the weights: writes <c>H·adjoint</c> (or the Gauss-Newton product).
    /// Where gradients are clipped, the adjoint is that of the clipped gradient.
    /// </summary>
    public void CurvatureVectorProduct(StepRecord<TVector> record, Curvature curvature, TVector direction, TVector product)
    {
        if (_clip is not null)
        {
            _adjoint!.CopyFrom(direction);
            _clip.Differentiate([_adjoint], record.Unclipped, record.Scratch);
            direction = _adjoint;
        }
        record.Linearization.CurvatureVectorProducts(curvature, [direction], [product], BatchPart.Whole);
        Work.AddProducts(curvature, 1, 1);
    }

    /// <summary>
    /// Pushes tangents of the weights forward to a recorded step's gradient, clipped if gradients are: writes several products that
    /// share the step's linearization and use one part of its batch.
    /// </summary>
    public void CurvatureVectorProducts(StepRecord<TVector> record, Curvature curvature, ReadOnlySpan<TVector> directions, ReadOnlySpan<TVector> products, BatchPart part)
    {
        record.Linearization.CurvatureVectorProducts(curvature, directions, products, part);
        _clip?.Differentiate(products, record.Unclipped, record.Scratch);
        Work.AddProducts(curvature, directions.Length, 1.0 / part.Count);
    }

    /// <summary>
    /// Adds the derivatives through a recorded step alone by every tuned hyperparameter, given the adjoints of weights and state after it: by the rule's through
    /// its own arithmetic, by the objective's through the step's gradient. Leaves the adjoints as they are. An empty <paramref name="b"/> stands for a state that
    /// counts as a constant.
    /// </summary>
    public void AddHypergradients(StepRecord<TVector> record, TVector a, TVector[] b)
    {
        Rule.AddHypergradients(Hyperparameters, record, a, b);
        if (_mixed is null || !Hyperparameters.TunesObjective)
            return;
        _a!.CopyFrom(a);
        for (int k = 0; k < b.Length; k++)
            _b[k].CopyFrom(b[k]);
        Rule.PullBack(Hyperparameters, record, _a, b.Length == 0 ? [] : _b, _mixed);
        _clip?.Differentiate([_mixed], record.Unclipped, record.Scratch);
        record.Linearization.AddHypergradients(1, _mixed);
        Work.AddProducts(Curvature.Hessian, 1, 1);
    }

    /// <summary>Writes the derivative of a recorded step's gradient, clipped if gradients are, by one number of one of the objective's hyperparameters.</summary>
    public void GradientTangent(StepRecord<TVector> record, HyperparameterValue<TVector> value, int index, TVector tangent)
    {
        record.Linearization.GradientTangent(value, index, tangent);
        _clip?.Differentiate([tangent], record.Unclipped, record.Scratch);
        Work.AddProducts(Curvature.Hessian, 1, 1);
    }

    internal void CreateRecords(int count)
    {
        _records = new StepRecord<TVector>[count];
        TVector[] scratch = Objective.CreateVectors(count == 0 ? 0 : StepRecord<TVector>.ScratchCount);
        for (int i = 0; i < count; i++)
            _records[i] = new StepRecord<TVector>(Objective, Hyperparameters, Rule.StateCount + Rule.ConstantCount, _clip is not null, scratch);
    }

    /// <summary>The record for the coming step. The one before it keeps its state-after in the new one's state-before.</summary>
    internal StepRecord<TVector> NextRecord(TVector weights, TVector[] state)
    {
        StepRecord<TVector>? previous = RecordCount > 0 ? Record(0) : null;
        _latest = (_latest + 1) % _records.Length;
        StepRecord<TVector> record = _records[_latest];
        record.Weights.CopyFrom(weights);
        for (int i = 0; i < state.Length; i++)
            record.State[i].CopyFrom(state[i]);
        if (previous is not null && previous != record)
            previous.NextState = record.State;
        record.NextState = state;
        RecordCount = Math.Min(RecordCount + 1, _records.Length);
        return record;
    }

    internal void ClearRecords() => RecordCount = 0;
}
