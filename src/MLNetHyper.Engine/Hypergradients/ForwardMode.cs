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
/// <remarks>Costs one product per tuned value and step, so hyperparameters are scalar or per tensor, not per weight.</remarks>
public sealed class ForwardMode(double decay = 0.99, Curvature curvature = Curvature.GaussNewton, int curvatureParts = 4) : HypergradientMethod
{
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

        internal Estimator(HypergradientContext<TVector> context, double decay, Curvature curvature, int parts)
        {
            (_context, _decay, _curvature, _parts) = (context, decay, curvature, parts);
            foreach (HyperparameterValue<TVector> value in context.Hyperparameters)
            {
                if (!value.Definition.Tuned)
                    continue;
                // Independent models have their tangents side by side in one column.
                bool together = value.Count == 1 || value.Segments.SequenceEqual(context.Objective.Models);
                for (int k = 0; k < (together ? 1 : value.Count); k++)
                    _columns.Add(new Column(value, k, new(value.Definition.Name, together ? null : Mask(k)), context.Objective.CreateVectors(context.Rule.StateCount)));
            }
            _z = context.Objective.CreateVectors(_columns.Count);
            _hz = context.Objective.CreateVectors(_columns.Count);
        }

        public override bool RecordsEveryStep => true;

        public override void AfterStep(StepRecord<TVector> record)
        {
            _context.Products(record, _curvature, _z, _hz, new BatchPart((int)((record.Number - 1) % _parts), _parts));
            for (int j = 0; j < _z.Length; j++)
                _context.Rule.PushForward(_context.Hyperparameters, record, _z[j], _columns[j].State, _hz[j], _columns[j].Seed, _decay);
        }

        public override void Estimate(TVector validationGradient, TVector weights)
        {
            for (int j = 0; j < _z.Length; j++)
            {
                if (_columns[j].Seed.Mask is null)
                    _columns[j].Value.AddHypergradient(1, validationGradient, _z[j]);
                else
                    _columns[j].Value.AddHypergradient(_columns[j].Index, validationGradient.Dot(_z[j]));
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

        private sealed record Column(HyperparameterValue<TVector> Value, int Index, TangentSeed<TVector> Seed, TVector[] State);
    }
}
