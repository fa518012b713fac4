using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Forward-mode differentiation with sharing, FDS (Micaelli and Storkey 2021, "Gradient-based Hyperparameter Optimization Over Long Horizons"): a schedule, in which a hyperparameter
/// has one value for each of N equal windows of a run, learned from whole runs. A run carries the tangents of weights and state by every value to its end, where they give the validation
/// loss's exact derivative, however long it was; then each value moves against that derivative's sign, by a step that halves whenever the sign flips (section 4), and training starts
/// again from new weights. A last run follows the learned schedule.
/// </summary>
/// <param name="learningRates">N of the learning rate, from 1 to 100. Default 5, as published for 50 epochs (figure 4).</param>
/// <param name="momenta">N of the momentum. Default 1.</param>
/// <param name="weightDecays">N of the weight decay. Default 1.</param>
/// <param name="passes">Runs that learn the schedule, at most: from 1 to 1000. Default 10. Fewer where no value would still move by a twentieth of itself.</param>
/// <param name="gradientClamp">Each element of a training gradient is clamped to ± this, and counts as constant where it is. Above 0; infinity for none. Default 3.</param>
/// <param name="productClamp">Each element of a curvature product is clamped to ± this. Above 0; infinity for none, which the exact derivative needs. Default 100, as published for 50 epochs; 1 for up to 10.</param>
/// <remarks>
/// <para>Not one pass: the number of steps is that of each run, and all work is counted. A step takes a Hessian product for every window that has begun, so a run with N windows for each of three
/// hyperparameters costs about 1 + 3(N + 1) plain trainings; memory grows with the number of windows, not of steps.</para>
/// <para>Values start at 0, as published, unless the options give another start, and first move by 0.1 for learning rate and momentum and by 3e-4 for the weight decay. They are real ones,
/// no logarithms, and stay within 0 and the rule's upper bounds. The options' meta-optimizer and learning rate schedule are not looked at; weights are averaged in the last run only.</para>
/// <para>Deviations: the windows begin with hyperparameter steps, so that T must divide them to be exactly equal; a window that diverges halves its learning rate, and tangents start again from
/// there, where the guard is on; hypergradients are not divided by a window's steps, which changes no sign; where the last schedule validates worse than an earlier one did, the earlier is followed, since a
/// fixed step of the momentum may lead over the edge; the new division of the rows between training and validation is made where it was left to chance and rows are in memory.</para>
/// </remarks>
public sealed class ForwardSharing(int learningRates = 5, int momenta = 1, int weightDecays = 1, int passes = 10, double gradientClamp = 3, double productClamp = 100) : HypergradientMethod
{
    private const int MostWindows = 100;
    private const int MostPasses = 1000;

    // The published first steps. The rule's own upper bounds keep values from running away.
    private static readonly Dictionary<string, double> _stepSizes = new() { [Hyperparameter.LearningRate] = 0.1, [Hyperparameter.Momentum] = 0.1, [Hyperparameter.WeightDecay] = 3e-4 };

    /// <summary>N of the learning rate.</summary>
    public int LearningRates { get; } = CheckWindows(learningRates, nameof(learningRates));

    /// <summary>N of the momentum.</summary>
    public int Momenta { get; } = CheckWindows(momenta, nameof(momenta));

    /// <summary>N of the weight decay.</summary>
    public int WeightDecays { get; } = CheckWindows(weightDecays, nameof(weightDecays));

    /// <summary>Runs that learn the schedule.</summary>
    public int Passes { get; } = passes is >= 1 and <= MostPasses ? passes : throw new ArgumentOutOfRangeException(nameof(passes), passes, $"The number of passes must be from 1 to {MostPasses}.");

    /// <summary>The bound of a training gradient's elements.</summary>
    public double GradientClamp { get; } = CheckClamp(gradientClamp, nameof(gradientClamp));

    /// <summary>The bound of a curvature product's elements.</summary>
    public double ProductClamp { get; } = CheckClamp(productClamp, nameof(productClamp));

    /// <inheritdoc/>
    public override string Name => "fds";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}, windows {LearningRates} of lr, {Momenta} of momentum, {WeightDecays} of wd, {Passes} passes, gradients within {GradientClamp:R}, products within {ProductClamp:R}");

    /// <inheritdoc/>
    public override IReadOnlyList<Granularity> Granularities { get; } = [Granularity.Scalar];

    /// <inheritdoc/>
    public override bool TunesObjective => false;

    /// <summary>The numbers of windows by hyperparameter.</summary>
    internal IReadOnlyDictionary<string, double> Windows => _stepSizes.Keys.ToDictionary(name => name, name => (double)WindowsOf(name));

    internal override bool SeparatesModels => false;

    internal override bool TakesSeveralPasses => true;

    internal override int MostShared => Math.Max(LearningRates, Math.Max(Momenta, WeightDecays));

    internal override double? ElementClamp => double.IsInfinity(GradientClamp) ? null : GradientClamp;

    /// <summary>Without a transform, from 0.</summary>
    internal override Hyperparameter Define(Hyperparameter definition) =>
        definition with { Transform = Transform.Identity, Initial = 0, Lower = 0, Upper = definition.Transform.ToReal(definition.Upper) };

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval)
    {
        if (rule is not SgdUpdate)
            return $"The method '{Name}' has steps for the learning rate, momentum and weight decay of SGD, not for the hyperparameters of the rule '{rule?.Name}'. Choose the rule 'sgd' or 'nesterov', or another method.";
        if (base.Incompatibility(rule, hyperparameters, interval) is { } other)
            return other;
        Hyperparameter? outside = hyperparameters.FirstOrDefault(h => h.Tuned && (h.Initial < 0 || (h.Name == Hyperparameter.Momentum && h.Initial >= 1)));
        return outside is null ? null : $"'{outside.Name}' cannot start at {Text.Number(outside.Initial)}. Choose a value from 0 on, and for the momentum below 1.";
    }

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) => new Estimator<TVector>(context, ProductClamp);

    /// <summary>The schedule before the first run.</summary>
    internal SharedSchedule CreateSchedule(IReadOnlyList<Hyperparameter> definitions, long steps) => new(definitions, WindowsOf, name => _stepSizes[name], steps);

    private int WindowsOf(string name) => name switch
    {
        Hyperparameter.LearningRate => LearningRates,
        Hyperparameter.Momentum => Momenta,
        _ => WeightDecays,
    };

    private static int CheckWindows(int windows, string name) =>
        windows is >= 1 and <= MostWindows ? windows : throw new ArgumentOutOfRangeException(name, windows, $"The number of windows must be from 1 to {MostWindows}.");

    private static double CheckClamp(double most, string name) => most > 0 ? most : throw new ArgumentOutOfRangeException(name, most, "The bound must be above 0.");

    private sealed class Estimator<TVector> : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        private readonly HypergradientContext<TVector> _context;
        private readonly double _clamp;
        private readonly Column[] _columns;
        private readonly TVector[] _z;
        private readonly TVector[] _hz;

        internal Estimator(HypergradientContext<TVector> context, double clamp)
        {
            (_context, _clamp) = (context, clamp);
            SharedSchedule schedule = context.Schedule ?? throw new InvalidOperationException("The run has no schedule.");
            // By when they begin, so that those that have begun are the first.
            _columns =
            [
                .. schedule.Rows.SelectMany(row => Enumerable.Range(0, row.Count).Select(window => new Column(row, window, context.Objective.CreateVectors(context.Rule.StateCount))))
                    .OrderBy(column => (double)column.Window / column.Row.Count),
            ];
            _z = context.Objective.CreateVectors(_columns.Length);
            _hz = context.Objective.CreateVectors(_columns.Length);
        }

        public override bool RecordsEveryStep => true;

        public override void AfterStep(StepRecord<TVector> record)
        {
            int begun = 0;
            while (begun < _columns.Length && _columns[begun].Window <= _columns[begun].Row.Window)
                begun++;
            _context.CurvatureVectorProducts(record, Curvature.Hessian, _z.AsSpan(0, begun), _hz.AsSpan(0, begun), BatchPart.Whole);
            for (int j = 0; j < begun; j++)
            {
                Column column = _columns[j];
                if (!double.IsInfinity(_clamp))
                    _hz[j].Clamp(-_clamp, _clamp);
                // Past its window a value has no more part in a step of its own, and its tangent lives on.
                TangentSeed<TVector> seed = column.Window == column.Row.Window ? new(column.Row.Definition.Name, null) : new("", null);
                _context.Rule.PushForward(_context.Hyperparameters, record, _z[j], column.State, _hz[j], seed, decay: 1);
            }
        }

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            for (int j = 0; j < _columns.Length; j++)
                _columns[j].Row.Hypergradients[_columns[j].Window] = validationGradient.Dot(_z[j]);
        }

        public override void Reset()
        {
            for (int j = 0; j < _columns.Length; j++)
            {
                _z[j].Fill(0);
                foreach (TVector c in _columns[j].State)
                    c.Fill(0);
            }
        }

        internal override void Serialize(StateArchive archive)
        {
            archive.Vectors(_z);
            foreach (Column column in _columns)
                archive.Vectors(column.State);
        }

        /// <summary>The tangent by the value of one window.</summary>
        private sealed record Column(SharedRow Row, int Window, TVector[] State);
    }
}
