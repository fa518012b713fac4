using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019): <c>d = g + ξw</c> (coupled) or <c>d = g</c>;
/// <c>m⁺ = β₁m + (1-β₁)d</c>; <c>s⁺ = β₂s + (1-β₂)d²</c>; <c>w⁺ = w - α (m⁺/c₁)/(√(s⁺/c₂)+ε)</c>, decoupled also <c>- αξw</c>,
/// with <c>c = 1 - βᵗ</c> at the current β.
/// </summary>
/// <param name="decoupled">AdamW: weight decay beside the gradient. Default true.</param>
/// <remarks>The betas are scalar; learning rate and weight decay may be scalar, per tensor or per weight.</remarks>
public sealed class AdamUpdate(bool decoupled = true) : UpdateRule
{
    /// <summary>ε.</summary>
    internal const double Epsilon = 1e-8;

    /// <inheritdoc/>
    public override string Name => decoupled ? "adamw" : "adam";

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(LearningRate, Transform.Log10, 0.005, -10, 0),
        new(WeightDecay, Transform.Log10, decoupled ? 0.01 : 1e-4, -10, decoupled ? 0.5 : -1),
        new(Beta1, Transform.Logit, 0.9, -6, 6),
        new(Beta2, Transform.Logit, 0.95, 0, 9),
    ];

    /// <inheritdoc/>
    /// <remarks>Learning rate and weight decay: what short windows say of the betas is mostly noise.</remarks>
    public override IReadOnlyList<string> TunedByDefault { get; } = [LearningRate, WeightDecay];

    /// <inheritdoc/>
    public override int StateCount => 2;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => !decoupled;

    internal override string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => BetaPerPart(hyperparameters);

    internal override bool CanStepApart => true;

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch) =>
        Step(values, weights, state, gradient, number, scratch, weights);

    internal override void Step<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch, TVector moved)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1];
        var k = new Corrections(values[2].Mean, values[3].Mean, number);
        TVector d = gradient;
        if (!decoupled)
        {
            d = scratch;
            d.CopyFrom(gradient);
            wd.AddProduct(d, 1, 1, weights);
        }
        state[0].CombineMoments(k.Beta1, d, k.Beta2, state[1], 1 / k.C2, Epsilon, scratch);
        if (decoupled && lr.Elements is null && wd.Elements is null)
        {
            moved.Combine(1, -lr.Mean / k.C1, scratch, -lr.Mean * wd.Mean, weights);
            return;
        }
        if (decoupled)
            wd.AddProduct(scratch, 1 / k.C1, 1, weights);
        lr.AddProduct(moved, 1, decoupled ? -1 : -1 / k.C1, scratch);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1];
        var k = new Corrections(values[2].Mean, values[3].Mean, record.Number);
        TVector d = GradientWithDecay(values, record), dd = hz, product = record.Scratch[1];
        if (!decoupled)
        {
            wd.AddProduct(dd, 1, 1, z);
            seed.Add(WeightDecay, dd, 1, record.Weights);
        }
        c[0].Combine(k.Beta1, 1 - k.Beta1, dd);
        seed.Add(Beta1, c[0], 1, record.State[0]);
        seed.Add(Beta1, c[0], -1, d);
        product.CombineProduct(0, 1, d, dd);
        c[1].Combine(k.Beta2, 2 * (1 - k.Beta2), product);
        product.CombineProduct(0, 1, d, d);
        seed.Add(Beta2, c[1], 1, record.State[1]);
        seed.Add(Beta2, c[1], -1, product);

        // dn = r∘d(m⁺/c₁) - ½(m̂ r²/√ŝ)∘d(s⁺/c₂), with r = 1/(√ŝ+ε).
        TVector dm = record.Scratch[2], dn = hz;
        dm.Combine(0, 1 / k.C1, c[0]);
        seed.Add(Beta1, dm, k.DC1 / (k.C1 * k.C1), record.NextState[0]);
        dn.QuotientRoot(dm, 1 / k.C2, record.NextState[1], Epsilon);
        TVector ds = dm;
        ds.Combine(0, 1 / k.C2, c[1]);
        seed.Add(Beta2, ds, k.DC2 / (k.C2 * k.C2), record.NextState[1]);
        TVector slope = RootSlope(record, k, record.NextState[0], 1 / k.C1, product);
        dn.CombineProduct(1, -0.5, slope, ds);
        if (decoupled)
        {
            wd.AddProduct(dn, 1, 1, z);
            seed.Add(WeightDecay, dn, 1, record.Weights);
        }
        lr.AddProduct(z, 1, -1, dn);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, z, -1, Direction(values, record, k, product));
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        HyperparameterValue<TVector> wd = values[1];
        var k = new Corrections(values[2].Mean, values[3].Mean, record.Number);
        (TVector b1, TVector b2) = b.Length > 0 ? (b[0], b[1]) : (record.Scratch[3], record.Scratch[4]);
        if (b.Length == 0)
        {
            b1.Fill(0);
            b2.Fill(0);
        }
        AddStateAdjoints(values, record, k, a, b1, b2, q);
        if (decoupled)
            wd.AddProduct(a, 1, 1, q);
        TVector d = GradientWithDecay(values, record);
        q.Combine(0, 1 - k.Beta1, b1);
        q.CombineProduct(1, 2 * (1 - k.Beta2), d, b2);
        if (!decoupled)
            wd.AddProduct(a, 1, 1, q);
        b1.Scale(k.Beta1);
        b2.Scale(k.Beta2);
    }

    /// <inheritdoc/>
    /// <remarks><c>m⁺/c₁</c>, decoupled also <c>√(s⁺/c₂)∘ξw</c>: where the step is zero, so is their sum.</remarks>
    public override bool TryResidual<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector residual)
    {
        var k = new Corrections(values[2].Mean, values[3].Mean, record.Number);
        if (decoupled)
        {
            // √ŝ as ŝ/√ŝ.
            TVector scaled = record.Scratch[0], s = record.NextState[1];
            scaled.CombineProduct(0, 1 / k.C2, s, record.Weights);
            scaled.QuotientRoot(scaled, 1 / k.C2, s, Epsilon);
            values[1].AddProduct(residual, 0, 1, scaled);
            residual.Combine(1, 1 / k.C1, record.NextState[0]);
        }
        else
        {
            residual.Combine(0, 1 / k.C1, record.NextState[0]);
        }
        return true;
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1], beta1 = values[2], beta2 = values[3];
        var k = new Corrections(beta1.Mean, beta2.Mean, record.Number);
        if (lr.Gathers)
            lr.AddHypergradient(-1, a, Direction(values, record, k, record.Scratch[1]));
        TVector b1 = record.Scratch[3], b2 = record.Scratch[4], q = record.Scratch[5];
        if (!(beta1.Gathers || beta2.Gathers || (wd.Gathers && !decoupled)))
        {
            // Nobody asks for the moments' adjoints.
            if (wd.Gathers)
            {
                lr.AddProduct(q, 0, -1, a);
                wd.AddHypergradient(1, q, record.Weights);
            }
            return;
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
        AddStateAdjoints(values, record, k, a, b1, b2, q);
        if (decoupled)
            wd.AddHypergradient(1, q, record.Weights);
        TVector d = GradientWithDecay(values, record);
        beta1.AddHypergradient(1, b1, record.State[0]);
        beta1.AddHypergradient(-1, b1, d);
        beta2.AddHypergradient(1, b2, record.State[1]);
        TVector square = record.Scratch[1];
        square.CombineProduct(0, 1, d, d);
        beta2.AddHypergradient(-1, b2, square);
        if (!decoupled)
        {
            square.Combine(0, 1 - k.Beta1, b1);
            square.CombineProduct(1, 2 * (1 - k.Beta2), d, b2);
            wd.AddHypergradient(1, square, record.Weights);
        }
        // Through the bias corrections: what of the adjoints came from w⁺ alone, times d(1/c)/dβ·c.
        if (b.Length > 0)
        {
            b1.Combine(1, -1, b[0]);
            b2.Combine(1, -1, b[1]);
        }
        beta1.AddHypergradient(k.DC1 / k.C1, b1, record.NextState[0]);
        beta2.AddHypergradient(k.DC2 / k.C2, b2, record.NextState[1]);
    }

    /// <summary>Adds to the state's adjoints what comes from the weights after the step; leaves <c>q = -α∘a</c>.</summary>
    private static void AddStateAdjoints<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, Corrections k, TVector a, TVector b1, TVector b2, TVector q)
        where TVector : class, IVector<TVector>
    {
        TVector root = record.Scratch[1];
        values[0].AddProduct(q, 0, -1, a);
        root.QuotientRoot(q, 1 / k.C2, record.NextState[1], Epsilon);
        b1.Combine(1, 1 / k.C1, root);
        b2.CombineProduct(1, -0.5 / k.C2, RootSlope(record, k, record.NextState[0], 1 / k.C1, root), q);
    }

    /// <summary><c>factor·x r²/√ŝ</c>, minus twice the derivative of <c>factor·x r</c> by <c>ŝ</c>; zero where ŝ is zero.</summary>
    internal static TVector RootSlope<TVector>(StepRecord<TVector> record, Corrections k, TVector x, double factor, TVector result) where TVector : class, IVector<TVector>
    {
        result.QuotientRoot(x, 1 / k.C2, record.NextState[1], Epsilon);
        result.QuotientRoot(result, 1 / k.C2, record.NextState[1], Epsilon);
        result.QuotientRoot(result, 1 / k.C2, record.NextState[1], 0);
        result.Scale(factor);
        return result;
    }

    private TVector Direction<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, Corrections k, TVector result) where TVector : class, IVector<TVector>
    {
        result.QuotientRoot(record.NextState[0], 1 / k.C2, record.NextState[1], Epsilon);
        result.Scale(1 / k.C1);
        if (decoupled)
            values[1].AddProduct(result, 1, 1, record.Weights);
        return result;
    }

    private TVector GradientWithDecay<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record) where TVector : class, IVector<TVector>
    {
        if (decoupled)
            return record.Gradient;
        TVector d = record.Scratch[0];
        d.CopyFrom(record.Gradient);
        values[1].AddProduct(d, 1, 1, record.Weights);
        return d;
    }

    /// <summary>The bias corrections <c>c = 1-βᵗ</c> and minus their derivatives, <c>tβᵗ⁻¹</c>.</summary>
    internal readonly struct Corrections(double beta1, double beta2, long t)
    {
        internal double Beta1 => beta1;

        internal double Beta2 => beta2;

        internal double C1 { get; } = 1 - Math.Pow(beta1, t);

        internal double C2 { get; } = 1 - Math.Pow(beta2, t);

        internal double DC1 { get; } = t * Math.Pow(beta1, t - 1);

        internal double DC2 { get; } = t * Math.Pow(beta2, t - 1);
    }
}
