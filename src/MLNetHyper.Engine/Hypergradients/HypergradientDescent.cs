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
    /// <c>log₁₀ α ← log₁₀ α + β g·g'</c>, with g and g' the gradients of one batch after and before the step: the form that Clarke et
    /// al. 2022 compare with. Minibatches cost a second gradient each step.
    /// </summary>
    LogAdditive,
}

/// <summary>
/// Baydin et al. (ICLR 2018): before every step the learning rate moves along the training loss's own derivative by it,
/// <c>-g·u'</c>, with u' the direction of the step before. Needs no validation data and no products.
/// </summary>
/// <param name="form">Multiplicative by default.</param>
/// <param name="rate">The hypergradient learning rate β, above 0. Default 0.02, for the multiplicative form; the authors use 1e-3 for the additive one.</param>
public sealed class HypergradientDescent(HypergradientDescentForm form = HypergradientDescentForm.Multiplicative, double rate = 0.02) : HypergradientMethod
{
    private readonly double _rate = rate > 0 && double.IsFinite(rate) ? rate : throw new ArgumentOutOfRangeException(nameof(rate), rate, "The hypergradient learning rate must be a finite number above 0.");

    /// <inheritdoc/>
    public override string Name => form switch
    {
        HypergradientDescentForm.Additive => "hypergradient-descent-additive",
        HypergradientDescentForm.LogAdditive => "hypergradient-descent-log",
        _ => "hypergradient-descent",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Granularity> Granularities { get; } = [Granularity.Scalar];

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tunes { get; } = [LearningRate];

    /// <inheritdoc/>
    public override HypergradientEstimator<TVector> Create<TVector>(HypergradientContext<TVector> context) => new Estimator<TVector>(context, form, _rate);

    private sealed class Estimator<TVector>(HypergradientContext<TVector> context, HypergradientDescentForm form, double rate) : HypergradientEstimator<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly TVector _previous = context.Objective.CreateVector();
        private readonly TVector _scratch = context.Objective.CreateVector();
        private readonly TVector[] _stateTangent = context.Objective.CreateVectors(context.Rule.StateCount);
        private readonly ILinearisation<TVector>? _sameBatch =
            form == HypergradientDescentForm.LogAdditive && context.Training.BatchesPerEpoch > 1 ? context.Objective.CreateLinearisation(withProducts: false) : null;

        private bool _hasPrevious;

        public override bool RecordsEveryStep => true;

        public override bool UsesValidation => false;

        public override bool BeforeStep(TVector gradient)
        {
            HyperparameterValue<TVector> lr = context.Hyperparameters[LearningRate];
            if (!_hasPrevious || !lr.Definition.Tuned)
                return false;
            // Where every batch is the full one, the coming step's gradient is that of the last batch.
            double product = (_sameBatch is null ? gradient : _scratch).Dot(_previous);
            if (!double.IsFinite(product))
                return false;
            lr.ClearHypergradient();
            lr.AddHypergradient(0, -product);
            Span<double> raw = stackalloc double[1];
            lr.CopyRawTo(raw);
            Transform transform = lr.Definition.Transform;
            double value = transform.ToReal(raw[0]);
            double norms = Math.Sqrt(gradient.Dot(gradient) * _previous.Dot(_previous));
            raw[0] = form switch
            {
                HypergradientDescentForm.LogAdditive => raw[0] + (rate * product),
                // Real values below the bound may be negative, where there is no raw value.
                HypergradientDescentForm.Additive => transform.ToRaw(Math.Max(value + (rate * product), transform.ToReal(lr.Definition.Lower))),
                _ => norms > 0 ? transform.ToRaw(Math.Max(value * (1 + (rate * product / norms)), transform.ToReal(lr.Definition.Lower))) : raw[0],
            };
            lr.SetRaw((ReadOnlySpan<double>)raw);
            return true;
        }

        public override void AfterStep(StepRecord<TVector> record)
        {
            if (form == HypergradientDescentForm.LogAdditive)
            {
                _previous.CopyFrom(record.Gradient);
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

        public override void Restart() => _hasPrevious = false;

        internal override void Exchange(StateArchive archive)
        {
            archive.Vector(_previous);
            archive.Vector(_scratch);
            archive.Value(ref _hasPrevious);
        }
    }
}
