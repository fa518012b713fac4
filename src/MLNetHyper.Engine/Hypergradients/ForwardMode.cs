using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Forward-mode tangents of weights and state by every tuned hyperparameter, carried through all steps and never reset: each
/// step <c>Z ← γZ, C ← γC</c>, then the update rule's own tangent map. The horizon is about 1/(1-γ) steps instead of a short
/// window. (Micaelli and Storkey 2021 for the recursion and the sharing; Franceschi et al. 2017 and Donini et al. 2020 for
/// carrying tangents across hyperparameter steps, with decay.)
/// </summary>
/// <param name="decay">γ in [0, 1]. Default 0.99.</param>
/// <param name="curvature">Gauss-Newton (default; its tangents cannot grow by negative curvature) or Hessian products.</param>
/// <param name="curvatureParts">Products use one n-th of the batch, the parts taking turns; n from 1. Default 4.</param>
/// <remarks>Costs one product per tuned value and step, so hyperparameters are scalar or per tensor, not per weight, and an objective's of few numbers.</remarks>
public sealed class ForwardMode(double decay = 0.99, Curvature curvature = Curvature.GaussNewton, int curvatureParts = 4) : HypergradientMethod
{
    private const int MostNumbers = 100;

    /// <summary>γ.</summary>
    public double Decay { get; } = decay is >= 0 and <= 1 ? decay : throw new ArgumentOutOfRangeException(nameof(decay), decay, "The tangents' decay must be from 0 to 1.");

    /// <summary>Which part of the batch one step's products use: one in this many.</summary>
    public int CurvatureParts { get; } = curvatureParts >= 1 ? curvatureParts : throw new ArgumentOutOfRangeException(nameof(curvatureParts), curvatureParts, "The batch must be cut into at least one part.");

    /// <inheritdoc/>
    public override string Name => "forward";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, decay {Decay:R}, {curvature} of one part in {CurvatureParts}");

    /// <inheritdoc/>
    public override IReadOnlyList<Granularity> Granularities { get; } = [Granularity.Scalar, Granularity.PerTensor];

    /// <inheritdoc/>
    public override string? Incompatibility(UpdateRule rule, IReadOnlyList<Hyperparameter> hyperparameters, int interval) =>
        hyperparameters.FirstOrDefault(h => h.Tuned && h.Count > MostNumbers) is { } large
            ? $"The method 'forward' carries a tangent for each number that it tunes, and '{large.Name}' consists of {large.Count}; {MostNumbers} are the most. Leave it fixed or choose the method 'neumann'."
            : base.Incompatibility(rule, hyperparameters, interval);

    internal override bool EstimatesApart => true;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) =>
        new Estimator<TVector>(context, Decay, curvature, CurvatureParts);

    private sealed class Estimator<TVector> : HypergradientEstimator<TVector> where TVector : class, IVector<TVector>
    {
        private readonly HypergradientContext<TVector> _context;
        private readonly double _decay;
        private readonly Curvature _curvature;
        private readonly int _parts;
        private readonly List<Column> _columns = [];
        private readonly TVector[] _z;
        private readonly TVector[] _hz;
        private readonly TVector? _own;

        internal Estimator(HypergradientContext<TVector> context, double decay, Curvature curvature, int parts)
        {
            (_context, _decay, _curvature, _parts) = (context, decay, curvature, parts);
            foreach (HyperparameterValue<TVector> value in context.Hyperparameters)
            {
                if (!value.Definition.Tuned)
                    continue;
                bool ofObjective = context.Hyperparameters.OfObjective.Contains(value);
                // Independent models have their tangents side by side in one column.
                bool together = !ofObjective && (value.Count == 1 || value.Segments.SequenceEqual(context.Objective.Models));
                for (int k = 0; k < (together ? 1 : value.Count); k++)
                    _columns.Add(new Column(value, k, new(value.Definition.Name, together || ofObjective ? null : Mask(k)), ofObjective, context.Objective.CreateVectors(context.Rule.StateCount)));
            }
            _z = context.Objective.CreateVectors(_columns.Count);
            _hz = context.Objective.CreateVectors(_columns.Count);
            _own = _columns.Any(column => column.OfObjective) ? context.Objective.CreateVector() : null;
        }

        public override bool RecordsEveryStep => true;

        public override void AfterStep(StepRecord<TVector> record)
        {
            _context.CurvatureVectorProducts(record, _curvature, _z, _hz, new BatchPart((int)((record.Number - 1) % _parts), _parts));
            for (int j = 0; j < _z.Length; j++)
            {
                if (_columns[j].OfObjective)
                    Push(record, _columns[j], _z[j], _hz[j]);
                else
                    _context.Rule.PushForward(_context.Hyperparameters, record, _z[j], _columns[j].State, _hz[j], _columns[j].Seed, _decay);
            }
        }

        /// <summary>The hyperparameter changes the gradient, and by that alone the weights: no seed is the rule's.</summary>
        private void Push(StepRecord<TVector> record, Column column, TVector z, TVector hz)
        {
            z.Scale(_decay);
            foreach (TVector c in column.State)
                c.Scale(_decay);
            _context.GradientTangent(record, column.Value, column.Index, _own!);
            hz.Combine(_decay, 1, _own!);
            _context.Rule.PushForward(_context.Hyperparameters, record, z, column.State, hz, column.Seed);
        }

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            for (int j = 0; j < _z.Length; j++)
            {
                Column column = _columns[j];
                if (column.Element is { } element)
                    column.Value.AddHypergradients(validationGradient.Dot(_z[j]), element);
                else if (column.OfObjective || column.Seed.Mask is not null)
                    column.Value.AddHypergradient(column.Index, validationGradient.Dot(_z[j]));
                else
                    column.Value.AddHypergradient(1, validationGradient, _z[j]);
            }
        }

        public override void Reset()
        {
            for (int j = 0; j < _z.Length; j++)
            {
                _z[j].Fill(0);
                foreach (TVector c in _columns[j].State)
                    c.Fill(0);
            }
        }

        private protected override void Reset(TensorSegment model)
        {
            for (int j = 0; j < _z.Length; j++)
            {
                _z[j].Fill(0, model.Start, model.Length);
                foreach (TVector c in _columns[j].State)
                    c.Fill(0, model.Start, model.Length);
            }
        }

        internal override void Serialize(StateArchive archive)
        {
            archive.Vectors(_z);
            foreach (Column column in _columns)
                archive.Vectors(column.State);
        }

        private TVector Mask(int index)
        {
            TVector mask = _context.Objective.CreateVector();
            TensorSegment segment = _context.Objective.Tensors[index];
            mask.Fill(1, segment.Start, segment.Length);
            return mask;
        }

        private sealed record Column(HyperparameterValue<TVector> Value, int Index, TangentSeed<TVector> Seed, bool OfObjective, TVector[] State)
        {
            /// <summary>One at its index and zero elsewhere, where the values gather their hypergradients elementwise.</summary>
            internal TVector? Element { get; } = Unit(Value, Index);

            private static TVector? Unit(HyperparameterValue<TVector> value, int index)
            {
                TVector? unit = value.Elements is { } like && value.Definition.Count > 1 ? like.CreateZero() : null;
                unit?.Fill(1, index, 1);
                return unit;
            }
        }
    }
}
