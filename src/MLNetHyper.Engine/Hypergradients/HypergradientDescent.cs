using System.Globalization;
using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>The forms of <see cref="HypergradientDescent"/>.</summary>
public enum HypergradientDescentForm
{
    /// <summary><c>α ← α + β g·u'</c>, with u' the previous update's direction (Baydin et al. 2018, equation 6).</summary>
    Additive,

    /// <summary><c>α ← α (1 + β g·u'/(‖g‖‖u'‖))</c> (Baydin et al. 2018, equation 8): β has no scale.</summary>
    Multiplicative,

    /// <summary>
    /// <c>log₁₀ α ← log₁₀ α + β g·g'</c>, with g' the previous step's gradient: the form that Clarke et al. 2022 compare with. They
    /// draw a further batch for g; the coming step's is as independent of that of g', and costs nothing.
    /// </summary>
    LogAdditive,
}

/// <summary>
/// Baydin et al. (ICLR 2018): before every step the learning rate moves along the training loss's own derivative by it,
/// <c>-g·u'</c>, with u' the direction of the step before. Needs no validation data and no products.
/// Where there is a learning rate per tensor, products and norms are those of the tensor.
/// </summary>
/// <remarks>
/// Where gradients are clipped, u' is the direction that was taken, and g the gradient as it is. The hypergradient that a trajectory shows is <c>-g·u'</c> (or
/// <c>-g·g'</c>), the derivative by α itself, not by its logarithm.
/// </remarks>
/// <param name="form">Multiplicative by default.</param>
/// <param name="rate">The hypergradient learning rate β, above 0. Default 0.02, for the multiplicative form; the authors use 1e-3 for the additive one.</param>
public sealed class HypergradientDescent(HypergradientDescentForm form = HypergradientDescentForm.Multiplicative, double rate = 0.02) : HypergradientMethod
{
    private readonly double _rate = rate > 0 && double.IsFinite(rate) ? rate : throw new ArgumentOutOfRangeException(nameof(rate), rate, "The hypergradient learning rate must be a finite number above 0.");

    /// <summary>
    /// Whether g is of the batch of g', at the cost of a second gradient each step: for <see cref="HypergradientDescentForm.LogAdditive"/>
    /// and traces of the reference without shuffling, where its two streams of batches are one. With minibatches not to be
    /// recommended: their noise is in both gradients, so that the product is too large, and the learning rate grows until training diverges.
    /// </summary>
    internal bool WithinOneBatch { get; init; }

    /// <inheritdoc/>
    public override string Name => form switch
    {
        HypergradientDescentForm.Additive => "hypergradient-descent-additive",
        HypergradientDescentForm.LogAdditive => "hypergradient-descent-log",
        _ => "hypergradient-descent",
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, rate {_rate:R}");

    /// <inheritdoc/>
    public override IReadOnlyList<Granularity> Granularities { get; } = [Granularity.Scalar, Granularity.PerTensor];

    /// <inheritdoc/>
    public override bool UsesValidation => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes { get; } = [LearningRate];

    /// <inheritdoc/>
    public override bool TunesObjective => false;

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) =>
        new Estimator<TVector>(context, form, _rate, WithinOneBatch && context.Training.BatchesPerEpoch > 1);

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, HypergradientDescentForm form, double rate, bool withinOneBatch) : HypergradientEstimator<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly TVector _previous = context.Objective.CreateVector();
        private readonly TVector _scratch = context.Objective.CreateVector();
        private readonly TVector[] _stateTangent = context.Objective.CreateVectors(context.Rule.StateCount);
        private readonly ILinearization<TVector>? _sameBatch = withinOneBatch ? context.Objective.CreateTraining(context.Hyperparameters.OfObjective, withProducts: false) : null;

        // One of each for every value of the learning rate.
        private readonly double[] _products = new double[context.Hyperparameters[LearningRate].Count];
        private readonly double[] _gradientSquares = new double[context.Hyperparameters[LearningRate].Count];
        private readonly double[] _previousSquares = new double[context.Hyperparameters[LearningRate].Count];
        private readonly double[] _raw = new double[context.Hyperparameters[LearningRate].Count];

        private bool _hasPrevious;

        public override bool RecordsEveryStep => true;

        public override bool BeforeStep(TVector gradient)
        {
            HyperparameterValue<TVector> lr = context.Hyperparameters[LearningRate];
            if (!_hasPrevious || !lr.Definition.Tuned)
                return false;
            (_sameBatch is null ? gradient : _scratch).Dots(_previous, lr.Segments, _products);
            if (form == HypergradientDescentForm.Multiplicative)
            {
                gradient.Dots(gradient, lr.Segments, _gradientSquares);
                _previous.Dots(_previous, lr.Segments, _previousSquares);
            }
            lr.ClearHypergradient();
            lr.CopyRawTo(_raw);
            bool moved = false;
            for (int k = 0; k < _raw.Length; k++)
            {
                if (!double.IsFinite(_products[k]))
                    continue;
                lr.AddHypergradient(k, -_products[k]);
                _raw[k] = Moved(lr.Definition, _raw[k], _products[k], Math.Sqrt(_gradientSquares[k] * _previousSquares[k]));
                moved = true;
            }
            if (moved)
                lr.SetRaw((ReadOnlySpan<double>)_raw);
            return moved;
        }

        private double Moved(Hyperparameter definition, double raw, double product, double norms)
        {
            Transform transform = definition.Transform;
            double value = transform.ToReal(raw);
            return form switch
            {
                HypergradientDescentForm.LogAdditive => raw + (rate * product),
                // Real values below the bound may be negative, where there is no raw value.
                HypergradientDescentForm.Additive => transform.ToRaw(Math.Max(value + (rate * product), transform.ToReal(definition.Lower))),
                _ => norms > 0 ? transform.ToRaw(Math.Max(value * (1 + (rate * product / norms)), transform.ToReal(definition.Lower))) : raw,
            };
        }

        public override void AfterStep(StepRecord<TVector> record)
        {
            if (form == HypergradientDescentForm.LogAdditive)
            {
                _previous.CopyFrom(record.Unclipped);
                if (_sameBatch is not null)
                {
                    Batch batch = context.Training.BatchAt(context.StepsTaken);
                    _sameBatch.Gradient(context.Weights, batch, _scratch);
                    context.Work.AddGradient(batch.Count);
                }
            }
            else
            {
                // Pushing zero tangents forward leaves the derivative of this one step by the learning rate: minus its direction.
                _previous.Fill(0);
                _scratch.Fill(0);
                foreach (TVector c in _stateTangent)
                    c.Fill(0);
                context.Rule.PushForward(context.Hyperparameters, record, _previous, _stateTangent, _scratch, new TangentSeed<TVector>(LearningRate, null));
                _previous.Scale(-1);
            }
            _hasPrevious = true;
        }

        public override void Estimate(TVector validationGradient, TVector weights) { }

        public override void Reset() => _hasPrevious = false;

        // Where the previous direction is zero, the learning rate stays.
        private protected override void Reset(TensorSegment model) => _previous.Fill(0, model.Start, model.Length);

        internal override void Serialize(StateArchive archive)
        {
            archive.Vector(_previous);
            archive.Vector(_scratch);
            archive.Value(ref _hasPrevious);
        }
    }
}
