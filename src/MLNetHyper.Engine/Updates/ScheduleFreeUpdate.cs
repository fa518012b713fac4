using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// Schedule-free gradient descent and AdamW (Defazio et al. 2024, "The Road Less Scheduled", algorithm 1 and its AdamW form, as in the authors' code): gradients
/// are taken at weights y between a plain iterate z and its average x, which is judged and kept:
/// <c>z⁺ = z - γ(e + ξy)</c>; <c>x⁺ = (1-c)x + cz⁺</c> with <c>c = ω/Σω</c>, <c>ω = max γ²</c>; <c>y⁺ = (1-β)z⁺ + βx⁺</c>. Of gradient descent
/// <c>e = g</c>; of AdamW <c>v⁺ = β₂v + (1-β₂)g²</c>, <c>e = g/(√(v⁺/(1-β₂ᵗ))+ε)</c>.
/// </summary>
/// <param name="adam">AdamW. Default true; false for gradient descent.</param>
/// <remarks>
/// <para>Takes the place of a schedule, not of the learning rate: the authors advise 10 to 50 times that of SGD, 1 to 10 times that of AdamW. No warm-up; weights of averaging do not grow with the step's number (r = 0).</para>
/// <para>β is the hyperparameter momentum of gradient descent and beta1 of AdamW. The betas of AdamW are scalar, all else may be scalar, per tensor or per weight; of several learning rates ω is that of the mean.
/// Hypergradients hold c constant; they take the validation gradient, which is that at x, for the one at y, as with other averages.</para>
/// </remarks>
public sealed class ScheduleFreeUpdate(bool adam = true) : UpdateRule
{
    private const double Epsilon = 1e-8;

    // State vectors: z, x and of AdamW v; then, as a constant, c.
    private const int Iterate = 0, Average = 1, Squares = 2;

    // Numbers of each model.
    private const int WeightSum = 0, GreatestRate = 1, Share = 2;

    /// <inheritdoc/>
    public override string Name => adam ? "schedule-free-adamw" : "schedule-free-sgd";

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = adam
        ?
        [
            new(LearningRate, Transform.Log10, 0.0025, -10, 0),
            new(WeightDecay, Transform.Log10, 0.01, -10, -0.5),
            new(Beta1, Transform.Logit, 0.9, -6, 6),
            new(Beta2, Transform.Logit, 0.999, 0, 9),
        ]
        :
        [
            new(LearningRate, Transform.Log10, 1, -10, 1),
            new(WeightDecay, Transform.Log10, 1e-4, -10, -1),
            new(Momentum, Transform.Logit, 0.9, -6, 6),
        ];

    /// <inheritdoc/>
    /// <remarks>Learning rate and weight decay, as of <see cref="AdamUpdate"/>.</remarks>
    public override IReadOnlyList<string> TunedByDefault { get; } = [LearningRate, WeightDecay];

    /// <inheritdoc/>
    public override int StateCount => adam ? 3 : 2;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => !adam;

    internal override int ConstantCount => 1;

    internal override int NumberCount => 3;

    internal override int? EvaluatedState => Average;

    internal override bool CarriesWeights => false;

    internal override bool NeedsNoSchedule => true;

    internal override string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => BetaPerPart(hyperparameters);

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models)
    {
        state[Iterate].CopyFrom(weights, numbers.Models, models);
        state[Average].CopyFrom(weights, numbers.Models, models);
    }

    internal override void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
    {
        Span<double> sum = numbers[WeightSum], greatest = numbers[GreatestRate], share = numbers[Share];
        for (int k = 0; k < sum.Length; k++)
        {
            greatest[k] = Math.Max(greatest[k], values[0].MeanOf(k));
            double weight = greatest[k] * greatest[k];
            sum[k] += weight;
            share[k] = weight / sum[k];
        }
        state[^1].Fill(share, numbers.Models);
    }

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        TVector y = weights, z = state[Iterate], x = state[Average];
        if (adam)
        {
            state[Squares].CombineProduct(values[3].Mean, 1 - values[3].Mean, gradient, gradient);
            scratch.QuotientRoot(gradient, 1 / Correction(values, number), state[Squares], Epsilon);
        }
        else
        {
            scratch.CopyFrom(gradient);
        }
        values[1].AddProduct(scratch, 1, 1, y);
        values[0].AddProduct(z, 1, -1, scratch);
        scratch.Combine(0, 1, z, -1, x);
        x.CombineProduct(1, 1, state[^1], scratch);
        // y⁺ = z⁺ + β(x⁺-z⁺).
        y.Combine(0, 1, x, -1, z);
        values[2].Multiply(y);
        y.Combine(1, 1, z);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        TVector dz = c[Iterate], dx = c[Average], de = hz, temporary = record.Scratch[0];
        if (adam)
        {
            double beta2 = values[3].Mean, correction = Correction(values, record.Number);
            TVector dv = c[Squares], slope = record.Scratch[1];
            temporary.CombineProduct(0, 1, record.Gradient, hz);
            dv.Combine(beta2, 2 * (1 - beta2), temporary);
            temporary.CombineProduct(0, 1, record.Gradient, record.Gradient);
            seed.Add(Beta2, dv, 1, record.State[Squares]);
            seed.Add(Beta2, dv, -1, temporary);
            // de = r∘dg - ½(g r²/√v̂)∘dv̂, with r = 1/(√v̂+ε).
            temporary.Combine(0, 1 / correction, dv);
            seed.Add(Beta2, temporary, CorrectionSlope(values, record.Number) / (correction * correction), record.NextState[Squares]);
            RootSlope(record, correction, slope);
            de.QuotientRoot(hz, 1 / correction, record.NextState[Squares], Epsilon);
            de.CombineProduct(1, -0.5, slope, temporary);
        }
        values[1].AddProduct(de, 1, 1, z);
        seed.Add(WeightDecay, de, 1, record.Weights);
        values[0].AddProduct(dz, 1, -1, de);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, dz, -1, Direction(values, record, temporary));
        temporary.Combine(0, 1, dz, -1, dx);
        dx.CombineProduct(1, 1, record.NextState[^1], temporary);
        z.Combine(0, 1, dx, -1, dz);
        values[2].Multiply(z);
        z.Combine(1, 1, dz);
        if (seed.Name == BetaName)
            seed.Add(BetaName, z, 1, BetweenBoth(record, temporary));
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        TVector bz = record.Scratch[2], bx = record.Scratch[3], bv = record.Scratch[4];
        Start(b, ref bz, ref bx, ref bv);
        AddStateAdjoints(values, record, a, bz, bx, bv, q);
        values[1].AddProduct(a, 0, 1, q);
        if (!adam)
            return;
        // Now the gradient's, by way of e and of v⁺.
        double beta2 = values[3].Mean;
        q.QuotientRoot(q, 1 / Correction(values, record.Number), record.NextState[Squares], Epsilon);
        TVector temporary = record.Scratch[0];
        temporary.CombineProduct(0, 2 * (1 - beta2), record.Gradient, bv);
        q.Combine(1, 1, temporary);
        bv.Scale(beta2);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        TVector temporary = record.Scratch[0], bz = record.Scratch[2], bx = record.Scratch[3], bv = record.Scratch[4], q = record.Scratch[5];
        TVector[] none = [];
        Start(none, ref bz, ref bx, ref bv);
        if (b.Length > 0)
        {
            bz.CopyFrom(b[Iterate]);
            bx.CopyFrom(b[Average]);
            if (adam)
                bv.CopyFrom(b[Squares]);
        }
        values[2].AddHypergradient(1, a, BetweenBoth(record, temporary));
        AddStateAdjoints(values, record, a, bz, bx, bv, q);
        // bx is what is left of x⁺'s adjoint before the step, bz all of z⁺'s.
        values[0].AddHypergradient(-1, bz, Direction(values, record, temporary));
        values[1].AddHypergradient(1, q, record.Weights);
        if (!adam)
            return;
        values[3].AddHypergradient(1, bv, record.State[Squares]);
        temporary.CombineProduct(0, 1, record.Gradient, record.Gradient);
        values[3].AddHypergradient(-1, bv, temporary);
        // Through the bias correction: what of v⁺'s adjoint came from e alone, times v⁺ d(1/c)/dβ·c.
        if (b.Length > 0)
            bv.Combine(1, -1, b[Squares]);
        values[3].AddHypergradient(CorrectionSlope(values, record.Number) / Correction(values, record.Number), bv, record.NextState[Squares]);
    }

    private string BetaName => adam ? Beta1 : Momentum;

    /// <summary>The state's adjoints, in place where they are carried on, else zeros.</summary>
    private void Start<TVector>(TVector[] b, ref TVector bz, ref TVector bx, ref TVector bv) where TVector : class, IVector<TVector>
    {
        if (b.Length > 0)
        {
            (bz, bx) = (b[Iterate], b[Average]);
            bv = adam ? b[Squares] : bv;
            return;
        }
        bz.Fill(0);
        bx.Fill(0);
        bv.Fill(0);
    }

    /// <summary>
    /// Carries the adjoints of y⁺, z⁺, x⁺ and v⁺ back to z, x and, but for its decay, v. Leaves the adjoint of <c>e + ξy</c> in <paramref name="q"/>.
    /// </summary>
    private void AddStateAdjoints<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector bz, TVector bx, TVector bv, TVector q) where TVector : class, IVector<TVector>
    {
        TVector temporary = record.Scratch[0], share = record.NextState[^1];
        values[2].AddProduct(bx, 1, 1, a);
        values[2].AddProduct(bz, 1, -1, a);
        bz.Combine(1, 1, a);
        temporary.CombineProduct(0, 1, share, bx);
        bz.Combine(1, 1, temporary);
        bx.Combine(1, -1, temporary);
        values[0].AddProduct(q, 0, -1, bz);
        if (!adam)
            return;
        double correction = Correction(values, record.Number);
        RootSlope(record, correction, temporary);
        bv.CombineProduct(1, -0.5 / correction, temporary, q);
    }

    /// <summary><c>g r²/√v̂</c>; zero where v̂ is zero.</summary>
    private static void RootSlope<TVector>(StepRecord<TVector> record, double correction, TVector result) where TVector : class, IVector<TVector>
    {
        result.QuotientRoot(record.Gradient, 1 / correction, record.NextState[Squares], Epsilon);
        result.QuotientRoot(result, 1 / correction, record.NextState[Squares], Epsilon);
        result.QuotientRoot(result, 1 / correction, record.NextState[Squares], 0);
    }

    /// <summary>e + ξy.</summary>
    private TVector Direction<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector result) where TVector : class, IVector<TVector>
    {
        if (adam)
            result.QuotientRoot(record.Gradient, 1 / Correction(values, record.Number), record.NextState[Squares], Epsilon);
        else
            result.CopyFrom(record.Gradient);
        values[1].AddProduct(result, 1, 1, record.Weights);
        return result;
    }

    /// <summary>x⁺ - z⁺.</summary>
    private static TVector BetweenBoth<TVector>(StepRecord<TVector> record, TVector result) where TVector : class, IVector<TVector>
    {
        result.Combine(0, 1, record.NextState[Average], -1, record.NextState[Iterate]);
        return result;
    }

    /// <summary>1 - β₂ᵗ.</summary>
    private static double Correction<TVector>(HyperparameterSet<TVector> values, long number) where TVector : class, IVector<TVector> => 1 - Math.Pow(values[3].Mean, number);

    /// <summary>tβ₂ᵗ⁻¹, minus the correction's derivative.</summary>
    private static double CorrectionSlope<TVector>(HyperparameterSet<TVector> values, long number) where TVector : class, IVector<TVector> => number * Math.Pow(values[3].Mean, number - 1);
}
