using System.Globalization;
using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// D-Adaptation of gradient descent (Defazio and Mishchenko 2023, "Learning-Rate-Free Learning by D-Adaptation", as in the authors' code): dual averaging with
/// a step size that grows with a lower bound d of the distance from the start w₀ to a solution. With <c>e = g + ξw</c> and <c>λ = γd/‖e₀‖</c>, where e₀ is the
/// first step's, <c>r⁺ = r + λ e·s</c>; <c>s⁺ = s + λe</c>; <c>d⁺ = max(d, 2r⁺/‖s⁺‖)</c>; <c>w⁺ = μw + (1-μ)(w₀ - s⁺)</c>.
/// </summary>
/// <param name="initialDistance">d before the first step: above 0, and well below any distance that may be needed, since d only grows. Default 1e-6.</param>
/// <remarks>
/// The learning rate γ is a factor on d; 1 is meant to be left alone. All may be scalar, per tensor or per weight; of several learning rates d is estimated with
/// the mean. Hypergradients hold d constant: they are those of the step with the d that it was taken with. Several models side by side have a d each.
/// </remarks>
public sealed class DAdaptSgdUpdate(double initialDistance = 1e-6) : UpdateRule
{
    private readonly double _initialDistance = RequireAboveZero(initialDistance, nameof(initialDistance));

    // State vectors: the sum of steps; then, as constants, the start and d/‖e₀‖.
    private const int Sum = 0, Start = 1, Scale = 2;

    // Numbers of each model.
    private const int Distance = 0, Numerator = 1, FirstNorm = 2, Product = 3, Square = 4, Scales = 5;

    /// <inheritdoc/>
    public override string Name => "dadapt-sgd";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, from a distance of {_initialDistance:R}");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(LearningRate, Transform.Log10, 1, -3, 1),
        new(WeightDecay, Transform.Log10, 1e-4, -10, -1),
        new(Momentum, Transform.Logit, 0, -6, 6),
    ];

    /// <inheritdoc/>
    /// <remarks>Learning rate and weight decay: the momentum starts at 0, where it cannot be tuned from.</remarks>
    public override IReadOnlyList<string> TunedByDefault { get; } = [LearningRate, WeightDecay];

    /// <inheritdoc/>
    public override int StateCount => 1;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => true;

    internal override int ConstantCount => 2;

    internal override int NumberCount => 6;

    internal override bool FindsStepSize => true;

    internal override bool CarriesWeights => false;

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models)
    {
        numbers.Set(Distance, _initialDistance, models);
        state[Start].CopyFrom(weights, numbers.Models, models);
    }

    internal override void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
    {
        Span<double> d = numbers[Distance], numerator = numbers[Numerator], first = numbers[FirstNorm], product = numbers[Product], square = numbers[Square], scales = numbers[Scales];
        // What the last step would have done at its end.
        state[Sum].Dots(state[Sum], numbers.Models, square);
        for (int k = 0; k < d.Length; k++)
            d[k] = square[k] == 0 ? d[k] : Math.Max(d[k], 2 * numerator[k] / Math.Sqrt(square[k]));
        Decayed(values, weights, gradient, scratch);
        scratch.Dots(state[Sum], numbers.Models, product);
        if (first.Contains(0))
        {
            scratch.Dots(scratch, numbers.Models, square);
            for (int k = 0; k < d.Length; k++)
                first[k] = first[k] == 0 ? Math.Sqrt(square[k]) : first[k];
        }
        for (int k = 0; k < d.Length; k++)
        {
            scales[k] = first[k] == 0 ? 0 : d[k] / first[k];
            numerator[k] += values[0].MeanOf(k) * scales[k] * product[k];
        }
        state[Scale].Fill(scales, numbers.Models);
    }

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        Decayed(values, weights, gradient, scratch);
        scratch.CombineProduct(0, 1, state[Scale], scratch);
        values[0].AddProduct(state[Sum], 1, 1, scratch);
        scratch.CopyFrom(state[Start]);
        scratch.Combine(1, -1, state[Sum]);
        weights.Combine(1, -1, scratch);
        values[2].Multiply(weights);
        weights.Combine(1, 1, scratch);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        TVector ds = c[0], scaled = record.Scratch[0];
        values[1].AddProduct(hz, 1, 1, z);
        seed.Add(WeightDecay, hz, 1, record.Weights);
        hz.CombineProduct(0, 1, record.NextState[Scale], hz);
        values[0].AddProduct(ds, 1, 1, hz);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, ds, 1, Scaled(values, record, scaled));
        z.Combine(1, 1, ds);
        values[2].Multiply(z);
        z.Combine(1, -1, ds);
        if (seed.Name == Momentum)
            seed.Add(Momentum, z, 1, FromAverage(record, scaled));
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        TVector bs = b.Length > 0 ? b[0] : record.Scratch[0];
        if (b.Length == 0)
            bs.Fill(0);
        AddSumAdjoint(values, a, bs);
        values[2].Multiply(a);
        values[0].AddProduct(q, 0, 1, bs);
        q.CombineProduct(0, 1, record.NextState[Scale], q);
        values[1].AddProduct(a, 1, 1, q);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        TVector scaled = record.Scratch[0], bs = record.Scratch[1], q = record.Scratch[2];
        if (b.Length > 0)
            bs.CopyFrom(b[0]);
        else
            bs.Fill(0);
        values[2].AddHypergradient(1, a, FromAverage(record, scaled));
        AddSumAdjoint(values, a, bs);
        values[0].AddHypergradient(1, bs, Scaled(values, record, scaled));
        values[0].AddProduct(q, 0, 1, bs);
        q.CombineProduct(0, 1, record.NextState[Scale], q);
        values[1].AddHypergradient(1, q, record.Weights);
    }

    /// <summary>Adds to the adjoint of s⁺ what comes from the weights after the step.</summary>
    private static void AddSumAdjoint<TVector>(HyperparameterSet<TVector> values, TVector a, TVector bs) where TVector : class, IVector<TVector>
    {
        values[2].AddProduct(bs, 1, 1, a);
        bs.Combine(1, -1, a);
    }

    /// <summary>e.</summary>
    private static void Decayed<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector gradient, TVector result) where TVector : class, IVector<TVector>
    {
        result.CopyFrom(gradient);
        values[1].AddProduct(result, 1, 1, weights);
    }

    /// <summary>λe/γ.</summary>
    private static TVector Scaled<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector result) where TVector : class, IVector<TVector>
    {
        Decayed(values, record.Weights, record.Gradient, result);
        result.CombineProduct(0, 1, record.NextState[Scale], result);
        return result;
    }

    /// <summary>w - (w₀ - s⁺).</summary>
    private static TVector FromAverage<TVector>(StepRecord<TVector> record, TVector result) where TVector : class, IVector<TVector>
    {
        result.Combine(0, 1, record.Weights, -1, record.NextState[Start]);
        result.Combine(1, 1, record.NextState[Sum]);
        return result;
    }
}
