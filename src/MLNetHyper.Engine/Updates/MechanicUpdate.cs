using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Mechanic (Cutkosky, Defazio and Mehta 2023, "Mechanic: A Learning Rate Tuner", algorithm 1): sums up another rule's steps u and scales the sum,
/// <c>Δ⁺ = Δ + u</c>; <c>w⁺ = w₀ + s·Δ⁺</c>, where s is the sum of six scales, each of a memory β from 0.9 to 0.999999: with
/// <c>h = Δ·(g + λ s‖g‖ w/‖w‖)</c>, <c>m = max(βm, |h|)</c>; <c>v = β²v + h²</c>; <c>r = max(0, βr - s_β h)</c>; <c>s_β = (s₀m/6 + r)/(√v+ε)</c>.
/// </summary>
/// <remarks>
/// λ = 0.01, ε = 1e-8, and m starts at 1e-6. As in the paper, h is taken at the weights before the step; the authors' code has those after the wrapped rule's.
/// The hyperparameters are the wrapped rule's; the scale of its learning rate is what needs no tuning. Hypergradients hold s constant: they are those of the step with
/// the s that it was taken with. Several models side by side have an s each.
/// </remarks>
public sealed class MechanicUpdate : UpdateRule
{
    private const double Decay = 0.01;
    private const double FirstProduct = 1e-6;
    private const double Epsilon = 1e-8;

    private static readonly double[] _memories = [0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];

    // Numbers of each model: four of every memory, one after the other, then the scale and inner products.
    private const int Greatest = 0, Squares = 1, Reward = 2, Scale = 3, PerMemory = 4;

    private readonly UpdateRule _inner;
    private readonly double _initialScale;

    /// <summary>Wraps a rule.</summary>
    /// <param name="inner">Gradient descent (<see cref="SgdUpdate"/>) or Adam (<see cref="AdamUpdate"/>). Default: AdamW.</param>
    /// <param name="initialScale">s₀, above 0. Default 1e-8.</param>
    /// <exception cref="ArgumentException">It is another rule.</exception>
    public MechanicUpdate(UpdateRule? inner = null, double initialScale = 1e-8)
    {
        _initialScale = RequireAboveZero(initialScale, nameof(initialScale));
        _inner = inner ?? new AdamUpdate();
        if (!_inner.CanStepApart)
            throw new ArgumentException($"Mechanic wraps rules of gradient descent and Adam, not '{_inner.Name}'. Choose one of them, or use '{_inner.Name}' by itself.", nameof(inner));
    }

    /// <inheritdoc/>
    public override string Name => $"mechanic-{_inner.Name}";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"mechanic-{_inner}, from a scale of {_initialScale:R}");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => _inner.Hyperparameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TunedByDefault => _inner.TunedByDefault;

    /// <inheritdoc/>
    /// <remarks>The wrapped rule's, then Δ.</remarks>
    public override int StateCount => _inner.StateCount + 1;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => _inner.HasCoupledWeightDecay;

    internal override int ConstantCount => 2;

    internal override int NumberCount => (PerMemory * _memories.Length) + 5;

    internal override bool FindsStepSize => true;

    internal override bool CarriesWeights => false;

    // State vectors behind the wrapped rule's: Δ; then, as constants, the start and s.
    private int Sum => _inner.StateCount;

    private int Start => _inner.StateCount + 1;

    private int Factor => _inner.StateCount + 2;

    private static int Products => PerMemory * _memories.Length;

    internal override string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => _inner.Incompatibility(hyperparameters);

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models)
    {
        state[Start].CopyFrom(weights, numbers.Models, models);
        for (int j = 0; j < _memories.Length; j++)
            numbers.Set((PerMemory * j) + Greatest, FirstProduct, models);
    }

    internal override void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
    {
        Span<double> along = numbers[Products], decay = numbers[Products + 1], gradients = numbers[Products + 2], norms = numbers[Products + 3], total = numbers[Products + 4];
        state[Sum].Dots(gradient, numbers.Models, along);
        state[Sum].Dots(weights, numbers.Models, decay);
        gradient.Dots(gradient, numbers.Models, gradients);
        weights.Dots(weights, numbers.Models, norms);
        for (int k = 0; k < total.Length; k++)
        {
            along[k] += Decay * total[k] * Math.Sqrt(gradients[k]) / (Math.Sqrt(norms[k]) + Epsilon) * decay[k];
            total[k] = 0;
        }
        for (int j = 0; j < _memories.Length; j++)
        {
            double memory = _memories[j];
            Span<double> greatest = numbers[(PerMemory * j) + Greatest], squares = numbers[(PerMemory * j) + Squares], reward = numbers[(PerMemory * j) + Reward], scale = numbers[(PerMemory * j) + Scale];
            for (int k = 0; k < total.Length; k++)
            {
                double h = along[k];
                greatest[k] = Math.Max(memory * greatest[k], Math.Abs(h));
                squares[k] = (memory * memory * squares[k]) + (h * h);
                reward[k] = Math.Max(0, (memory * reward[k]) - (scale[k] * h));
                scale[k] = ((_initialScale * greatest[k] / _memories.Length) + reward[k]) / (Math.Sqrt(squares[k]) + Epsilon);
                total[k] += scale[k];
            }
        }
        state[Factor].Fill(total, numbers.Models);
    }

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        _inner.Step(values, weights, state, gradient, number, scratch, state[Sum]);
        weights.CopyFrom(state[Start]);
        weights.CombineProduct(1, 1, state[Factor], state[Sum]);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        // The wrapped rule's tangent is that of w + u.
        TVector sum = c[Sum];
        sum.Combine(1, -1, z);
        _inner.PushForward(values, record, z, c, hz, seed);
        sum.Combine(1, 1, z);
        z.CombineProduct(0, 1, record.NextState[Factor], sum);
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        TVector sum = AddSumAdjoint(record, a, b);
        a.CopyFrom(sum);
        _inner.PullBack(values, record, a, b, q);
        a.Combine(1, -1, sum);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        TVector sum = record.Scratch[^1];
        sum.CombineProduct(0, 1, record.NextState[Factor], a);
        if (b.Length > 0)
            sum.Combine(1, 1, b[Sum]);
        _inner.AddHypergradients(values, record, sum, b);
    }

    /// <summary>The adjoint of Δ⁺, in place where it is carried on.</summary>
    private TVector AddSumAdjoint<TVector>(StepRecord<TVector> record, TVector a, TVector[] b) where TVector : class, IVector<TVector>
    {
        TVector sum = b.Length > 0 ? b[Sum] : record.Scratch[^1];
        sum.CombineProduct(b.Length > 0 ? 1 : 0, 1, record.NextState[Factor], a);
        return sum;
    }
}
