using System.Globalization;
using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// Adam whose step size is an estimate d of the distance from the start to a solution, which only grows: with decoupled weight decay and
/// without bias corrections, <c>m⁺ = β₁m + (1-β₁)d∘g</c>; <c>v⁺ = β₂v + (1-β₂)e²</c>; <c>w⁺ = w - γd∘(m⁺/d' + ξw)</c>, where what is
/// left, e and the denominator d', differs between <see cref="ProdigyUpdate"/> and <see cref="DAdaptAdamUpdate"/>.
/// </summary>
/// <remarks>
/// The learning rate γ is a factor on d; 1 is meant to be left alone. Learning rate and weight decay may be scalar, per tensor or per
/// weight, the betas are scalar; of several learning rates d is estimated with the mean. Hypergradients hold d constant: they are those of
/// the step with the d that it was taken with. Several models side by side have a d each.
/// </remarks>
public abstract class DistanceAdamUpdate : UpdateRule
{
    private protected const double Epsilon = 1e-8;

    // State vectors: the two moments; then, as constants, the weighted sum of gradients, d and the reciprocal in the denominator.
    private protected const int FirstMoment = 0, SecondMoment = 1, GradientSum = 2, Scale = 3, Reciprocal = 4, Start = 5;

    // Numbers of each model.
    private const int Distance = 0, Numerator = 1, Product = 2, Rates = 3;

    private protected DistanceAdamUpdate(double initialDistance) => InitialDistance = RequireAboveZero(initialDistance, nameof(initialDistance));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, from a distance of {InitialDistance:R}");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(LearningRate, Transform.Log10, 1, -3, 1),
        new(WeightDecay, Transform.Log10, 0.01, -10, -0.5),
        new(Beta1, Transform.Logit, 0.9, -6, 6),
        new(Beta2, Transform.Logit, 0.999, 0, 9),
    ];

    /// <inheritdoc/>
    /// <remarks>Learning rate and weight decay, as of <see cref="AdamUpdate"/>.</remarks>
    public override IReadOnlyList<string> TunedByDefault { get; } = [LearningRate, WeightDecay];

    /// <inheritdoc/>
    public override int StateCount => 2;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => false;

    /// <summary>d₀.</summary>
    private protected double InitialDistance { get; }

    internal override int ConstantCount => 3;

    internal override int NumberCount => 4;

    internal override bool FindsStepSize => true;

    /// <summary>Whether the second moment is that of d∘g, and so the denominator in units of d; else it is that of g.</summary>
    private protected abstract bool ScalesSquares { get; }

    internal override string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => BetaPerPart(hyperparameters);

    /// <summary>What the gradient is multiplied with to gather the estimate's numerator.</summary>
    private protected abstract void Measure<TVector>(TVector weights, TVector[] state, TVector result) where TVector : class, IVector<TVector>;

    /// <summary>The weight of a gradient in numerator and sum.</summary>
    private protected abstract double Rate(double distance, double learningRate, double memory);

    /// <summary>The estimate of d, from the numerator and the sum's 1-norm, above zero.</summary>
    private protected abstract double Estimate(double numerator, double norm, double memory);

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models) => numbers.Set(Distance, InitialDistance, models);

    internal override void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
    {
        double memory = Math.Sqrt(values[3].Mean);
        Span<double> d = numbers[Distance], numerator = numbers[Numerator], product = numbers[Product], rates = numbers[Rates];
        state[Scale].Fill(d, numbers.Models);
        Measure(weights, state, scratch);
        gradient.Dots(scratch, numbers.Models, product);
        for (int k = 0; k < d.Length; k++)
        {
            rates[k] = Rate(d[k], values[0].MeanOf(k), memory);
            numerator[k] = (memory * numerator[k]) + (rates[k] * product[k]);
        }
        TVector sum = state[GradientSum];
        scratch.Fill(rates, numbers.Models);
        sum.CombineProduct(memory, 1, scratch, gradient);
        // ‖s‖₁ is the inner product of s and its signs.
        scratch.CombineProduct(0, 1, sum, sum);
        scratch.QuotientRoot(sum, 1, scratch, 0);
        sum.Dots(scratch, numbers.Models, product);
        // Where the denominator is in units of d, it is the new one's.
        for (int k = 0; k < d.Length; k++)
        {
            double next = product[k] == 0 ? d[k] : Math.Max(d[k], Estimate(numerator[k], product[k], memory));
            rates[k] = 1 / (ScalesSquares ? next : d[k]);
            d[k] = next;
        }
        state[Reciprocal].Fill(rates, numbers.Models);
    }

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        double beta1 = values[2].Mean, beta2 = values[3].Mean;
        TVector squared = ScalesSquares ? scratch : gradient;
        scratch.CombineProduct(0, 1, state[Scale], gradient);
        state[FirstMoment].Combine(beta1, 1 - beta1, scratch);
        state[SecondMoment].CombineProduct(beta2, 1 - beta2, squared, squared);
        Squares(state, scratch);
        scratch.QuotientRoot(state[FirstMoment], 1, scratch, Epsilon);
        Finish(values, weights, state, scratch);
        values[0].AddProduct(weights, 1, -1, scratch);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        double beta1 = values[2].Mean, beta2 = values[3].Mean;
        TVector squares = record.Scratch[0], moment = record.Scratch[1], product = record.Scratch[2], scale = record.NextState[Scale];
        Squares(record.NextState, squares);
        moment.CombineProduct(0, 1, scale, record.Gradient);
        TVector squared = ScalesSquares ? moment : record.Gradient;
        if (ScalesSquares)
            hz.CombineProduct(0, 1, scale, hz);
        product.CombineProduct(0, 1, squared, hz);
        c[SecondMoment].Combine(beta2, 2 * (1 - beta2), product);
        product.CombineProduct(0, 1, squared, squared);
        seed.Add(Beta2, c[SecondMoment], 1, record.State[SecondMoment]);
        seed.Add(Beta2, c[SecondMoment], -1, product);
        if (!ScalesSquares)
            hz.CombineProduct(0, 1, scale, hz);
        c[FirstMoment].Combine(beta1, 1 - beta1, hz);
        seed.Add(Beta1, c[FirstMoment], 1, record.State[FirstMoment]);
        seed.Add(Beta1, c[FirstMoment], -1, moment);

        // d(m⁺r) = r∘dm⁺ - ½(m⁺r²/√v̂)∘dv̂, with r = 1/(√v̂+ε).
        TVector dn = hz, slope = record.Scratch[3];
        dn.QuotientRoot(c[FirstMoment], 1, squares, Epsilon);
        RootSlope(record, squares, slope);
        product.CopyFrom(c[SecondMoment]);
        InUnits(record.NextState, product);
        dn.CombineProduct(1, -0.5, slope, product);
        dn.CombineProduct(0, 1, record.NextState[Reciprocal], dn);
        values[1].AddProduct(dn, 1, 1, z);
        seed.Add(WeightDecay, dn, 1, record.Weights);
        dn.CombineProduct(0, 1, scale, dn);
        values[0].AddProduct(z, 1, -1, dn);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, z, -1, Direction(values, record, squares, moment));
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        double beta1 = values[2].Mean, beta2 = values[3].Mean;
        (TVector b1, TVector b2) = b.Length > 0 ? (b[0], b[1]) : (record.Scratch[3], record.Scratch[4]);
        if (b.Length == 0)
        {
            b1.Fill(0);
            b2.Fill(0);
        }
        AddStateAdjoints(values, record, a, b1, b2, q);
        values[1].AddProduct(a, 1, 1, q);
        TVector moment = record.Scratch[1], scale = record.NextState[Scale];
        moment.CombineProduct(0, 1, scale, record.Gradient);
        q.CombineProduct(0, 2 * (1 - beta2), ScalesSquares ? moment : record.Gradient, b2);
        if (ScalesSquares)
        {
            q.Combine(1, 1 - beta1, b1);
            q.CombineProduct(0, 1, scale, q);
        }
        else
        {
            q.CombineProduct(1, 1 - beta1, scale, b1);
        }
        b1.Scale(beta1);
        b2.Scale(beta2);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        TVector b1 = record.Scratch[3], b2 = record.Scratch[4], q = record.Scratch[5], moment = record.Scratch[1];
        if (values[0].Definition.Tuned)
        {
            Squares(record.NextState, record.Scratch[0]);
            values[0].AddHypergradient(-1, a, Direction(values, record, record.Scratch[0], moment));
        }
        if (b.Length > 0)
        {
            b1.CopyFrom(b[0]);
            b2.CopyFrom(b[1]);
        }
        else
        {
            b1.Fill(0);
            b2.Fill(0);
        }
        AddStateAdjoints(values, record, a, b1, b2, q);
        values[1].AddHypergradient(1, q, record.Weights);
        moment.CombineProduct(0, 1, record.NextState[Scale], record.Gradient);
        values[2].AddHypergradient(1, b1, record.State[FirstMoment]);
        values[2].AddHypergradient(-1, b1, moment);
        TVector squared = ScalesSquares ? moment : record.Gradient, square = record.Scratch[2];
        square.CombineProduct(0, 1, squared, squared);
        values[3].AddHypergradient(1, b2, record.State[SecondMoment]);
        values[3].AddHypergradient(-1, b2, square);
    }

    /// <summary>Adds to the moments' adjoints what comes from the weights after the step; leaves <c>q = -γd∘a</c>.</summary>
    private void AddStateAdjoints<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector b1, TVector b2, TVector q) where TVector : class, IVector<TVector>
    {
        TVector squares = record.Scratch[0], adjoint = record.Scratch[1], part = record.Scratch[2];
        Squares(record.NextState, squares);
        values[0].AddProduct(q, 0, -1, a);
        q.CombineProduct(0, 1, record.NextState[Scale], q);
        adjoint.CombineProduct(0, 1, record.NextState[Reciprocal], q);
        part.QuotientRoot(adjoint, 1, squares, Epsilon);
        b1.Combine(1, 1, part);
        RootSlope(record, squares, part);
        InUnits(record.NextState, part);
        b2.CombineProduct(1, -0.5, part, adjoint);
    }

    /// <summary>v̂, what the denominator is the root of.</summary>
    private void Squares<TVector>(TVector[] state, TVector result) where TVector : class, IVector<TVector>
    {
        result.CopyFrom(state[SecondMoment]);
        InUnits(state, result);
    }

    /// <summary>A square in units of d, if the denominator is.</summary>
    private void InUnits<TVector>(TVector[] state, TVector square) where TVector : class, IVector<TVector>
    {
        if (!ScalesSquares)
            return;
        square.CombineProduct(0, 1, state[Reciprocal], square);
        square.CombineProduct(0, 1, state[Reciprocal], square);
    }

    /// <summary><c>m⁺r²/√v̂</c>; zero where v̂ is zero.</summary>
    private static void RootSlope<TVector>(StepRecord<TVector> record, TVector squares, TVector result) where TVector : class, IVector<TVector>
    {
        result.QuotientRoot(record.NextState[FirstMoment], 1, squares, Epsilon);
        result.QuotientRoot(result, 1, squares, Epsilon);
        result.QuotientRoot(result, 1, squares, 0);
    }

    private static TVector Direction<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector squares, TVector result) where TVector : class, IVector<TVector>
    {
        result.QuotientRoot(record.NextState[FirstMoment], 1, squares, Epsilon);
        Finish(values, record.Weights, record.NextState, result);
        return result;
    }

    /// <summary>Of <c>m⁺r</c> makes what the learning rate multiplies.</summary>
    private static void Finish<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector ratio) where TVector : class, IVector<TVector>
    {
        ratio.CombineProduct(0, 1, state[Reciprocal], ratio);
        values[1].AddProduct(ratio, 1, 1, weights);
        ratio.CombineProduct(0, 1, state[Scale], ratio);
    }
}
