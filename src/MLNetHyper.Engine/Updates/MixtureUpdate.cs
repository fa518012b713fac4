using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// An update that is learned: the directions of several rules, mixed by shares that are hyperparameters, in the spirit of MADA (Ozkara et al. 2024). With <c>mix(x, y; p) = (1-p)x + py</c>,
/// averages m and l of the gradient g (β₁, and 0.99) and s of g² (β₂), their bias corrected in <c>m̂, l̂, ŝ</c>, and <c>R = 1/(√ŝ+ε)</c>:
/// <c>x = mix(mix(m̂, l̂; slow), g; fast)</c>; <c>v = mix(mix(xR, tanh(5m̂R); sign), 10m̂; plain)</c>; <c>w⁺ = w - α(v + ξw)</c>.
/// </summary>
/// <param name="perTensor">One mixture for each weight tensor in place of one for all weights. Default false.</param>
/// <remarks>
/// <para>All shares lie from 0 to 1 and start at 0, where the rule is AdamW. Alone, at 1, each is another rule of the field: <c>slow</c> has the longer memory of AdEMAMix (Pagliardini et al. 2024),
/// <c>fast</c> none, as in RMSProp; <c>sign</c> steps as Lion and signSGD do (Chen et al. 2023, Bernstein et al. 2018), smoothed since a sign has no derivative; <c>plain</c> is <see cref="SgdUpdate"/>'s heavy ball,
/// whose momentum of 0.9 sums ten gradients up, at the same learning rate.</para>
/// <para>MADA interpolates between the moments of such rules, and tunes that by the training loss's hypergradients; here directions are mixed, and any hypergradient method tunes them by the validation loss.</para>
/// <para>The betas are scalar; all others may be scalar, per tensor or per weight.</para>
/// </remarks>
public sealed class MixtureUpdate(bool perTensor = false) : UpdateRule
{
    private const string Slow = "slow", Fast = "fast", Sign = "sign", Plain = "plain";
    private const double SlowDecay = 0.99, Steepness = 5, PlainFactor = 10;

    /// <inheritdoc/>
    public override string Name => perTensor ? "mixture-per-tensor" : "mixture";

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [.. new AdamUpdate().Hyperparameters, Share(Slow, perTensor), Share(Fast, perTensor), Share(Sign, perTensor), Share(Plain, perTensor)];

    /// <inheritdoc/>
    /// <remarks>All but the betas.</remarks>
    public override IReadOnlyList<string> TunedByDefault { get; } = [LearningRate, WeightDecay, Slow, Fast, Sign, Plain];

    /// <inheritdoc/>
    public override int StateCount => 3;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => false;

    internal override string? Incompatibility(IReadOnlyList<Hyperparameter> hyperparameters) => BetaPerPart(hyperparameters);

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        var v = new Values<TVector>(values, number);
        state[0].Combine(v.Adam.Beta1, 1 - v.Adam.Beta1, gradient);
        state[1].CombineProduct(v.Adam.Beta2, 1 - v.Adam.Beta2, gradient, gradient);
        state[2].Combine(SlowDecay, 1 - SlowDecay, gradient);
        scratch.CopyFrom(weights);
        v.Decay.Multiply(scratch);
        v.Rate.AddProduct(weights, 1, -1, scratch);
        // There is room for one vector only, so the sign's part, tanh x = 2/(1+e^-2x) - 1, goes into the weights in two.
        Normalize(v, state[0], state[1], scratch);
        scratch.Scale(2 * Steepness / v.Adam.C1);
        scratch.Sigmoid();
        AddSign(v, weights, scratch, -2);
        scratch.Fill(1);
        AddSign(v, weights, scratch, 1);
        Average(v, state, scratch);
        Interpolate(scratch, v.Fast, 1, gradient);
        Normalize(v, scratch, state[1], scratch);
        Fade(scratch, v.Sign);
        Interpolate(scratch, v.Plain, PlainFactor / v.Adam.C1, state[0]);
        v.Rate.AddProduct(weights, 1, -1, scratch);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        var v = new Values<TVector>(values, record.Number);
        AdamUpdate.Corrections k = v.Adam;
        TVector g = record.Gradient, m = record.NextState[0], s = record.NextState[1], l = record.NextState[2];
        (TVector x, TVector spare, TVector dm, TVector ds, TVector dx, TVector dsign) = (record.Scratch[0], record.Scratch[1], record.Scratch[2], record.Scratch[3], record.Scratch[4], record.Scratch[5]);
        c[0].Combine(k.Beta1, 1 - k.Beta1, hz);
        seed.Add(Beta1, c[0], 1, record.State[0]);
        seed.Add(Beta1, c[0], -1, g);
        spare.CombineProduct(0, 1, g, hz);
        c[1].Combine(k.Beta2, 2 * (1 - k.Beta2), spare);
        spare.CombineProduct(0, 1, g, g);
        seed.Add(Beta2, c[1], 1, record.State[1]);
        seed.Add(Beta2, c[1], -1, spare);
        c[2].Combine(SlowDecay, 1 - SlowDecay, hz);
        dm.Combine(0, 1 / k.C1, c[0]);
        seed.Add(Beta1, dm, k.DC1 / (k.C1 * k.C1), m);
        ds.Combine(0, 1 / k.C2, c[1]);
        seed.Add(Beta2, ds, k.DC2 / (k.C2 * k.C2), s);

        // Each stage's tangent beside its value, which the seed of its share and the next stage need.
        dx.CopyFrom(dm);
        Interpolate(dx, v.Slow, 1 / v.C3, c[2]);
        seed.Add(Slow, dx, 1 / v.C3, l);
        seed.Add(Slow, dx, -1 / k.C1, m);
        Average(v, record.NextState, x);
        Interpolate(dx, v.Fast, 1, hz);
        seed.Add(Fast, dx, 1, g);
        seed.Add(Fast, dx, -1, x);
        Interpolate(x, v.Fast, 1, g);

        TVector dv = hz;
        Normalize(v, dx, s, dv);
        dv.CombineProduct(1, -0.5, AdamUpdate.RootSlope(record, k, x, 1, spare), ds);
        Normalize(v, x, s, x);

        TVector sign = dx;
        Normalize(v, dm, s, dsign);
        dsign.CombineProduct(1, -0.5, AdamUpdate.RootSlope(record, k, m, 1 / k.C1, spare), ds);
        SignOf(v, record, sign, spare);
        spare.CombineProduct(0, 1, sign, sign);
        dsign.CombineProduct(Steepness, -Steepness, spare, dsign);
        Interpolate(dv, v.Sign, 1, dsign);
        seed.Add(Sign, dv, 1, sign);
        seed.Add(Sign, dv, -1, x);
        Interpolate(x, v.Sign, 1, sign);

        Interpolate(dv, v.Plain, PlainFactor, dm);
        seed.Add(Plain, dv, PlainFactor / k.C1, m);
        seed.Add(Plain, dv, -1, x);
        v.Decay.AddProduct(dv, 1, 1, z);
        seed.Add(WeightDecay, dv, 1, record.Weights);
        v.Rate.AddProduct(z, 1, -1, dv);
        if (seed.Name != LearningRate)
            return;
        Interpolate(x, v.Plain, PlainFactor / k.C1, m);
        v.Decay.AddProduct(x, 1, 1, record.Weights);
        seed.Add(LearningRate, z, -1, x);
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        var v = new Values<TVector>(values, record.Number);
        (TVector b1, TVector b2, TVector b3) = b.Length > 0 ? (b[0], b[1], b[2]) : (record.Scratch[3], record.Scratch[4], record.Scratch[5]);
        if (b.Length == 0)
        {
            b1.Fill(0);
            b2.Fill(0);
            b3.Fill(0);
        }
        v.Rate.AddProduct(q, 0, -1, a);
        v.Decay.AddProduct(a, 1, 1, q);
        PullBackDirection(v, record, q, b1, b2, b3, gathers: false);
        q.Combine(1, 1 - v.Adam.Beta1, b1, 1 - SlowDecay, b3);
        q.CombineProduct(1, 2 * (1 - v.Adam.Beta2), record.Gradient, b2);
        b1.Scale(v.Adam.Beta1);
        b2.Scale(v.Adam.Beta2);
        b3.Scale(SlowDecay);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        var v = new Values<TVector>(values, record.Number);
        HyperparameterValue<TVector> beta1 = values[2], beta2 = values[3];
        if (v.Rate.Definition.Tuned)
            v.Rate.AddHypergradient(-1, a, Direction(v, record));
        (TVector e1, TVector e2, TVector q) = (record.Scratch[3], record.Scratch[4], record.Scratch[5]);
        e1.Fill(0);
        e2.Fill(0);
        v.Rate.AddProduct(q, 0, -1, a);
        v.Decay.AddHypergradient(1, q, record.Weights);
        PullBackDirection(v, record, q, e1, e2, null, gathers: true);
        // Through the bias corrections goes what came from w⁺ alone.
        beta1.AddHypergradient(v.Adam.DC1 / v.Adam.C1, e1, record.NextState[0]);
        beta2.AddHypergradient(v.Adam.DC2 / v.Adam.C2, e2, record.NextState[1]);
        if (b.Length > 0)
        {
            e1.Combine(1, 1, b[0]);
            e2.Combine(1, 1, b[1]);
        }
        beta1.AddHypergradient(1, e1, record.State[0]);
        beta1.AddHypergradient(-1, e1, record.Gradient);
        beta2.AddHypergradient(1, e2, record.State[1]);
        TVector square = record.Scratch[0];
        square.CombineProduct(0, 1, record.Gradient, record.Gradient);
        beta2.AddHypergradient(-1, e2, square);
    }

    /// <summary>
    /// Adds to the state's adjoints what comes from the direction's, <paramref name="q"/> on entry; on return that is the gradient's but for the way through the state. On the way the shares
    /// gather their hypergradients.
    /// </summary>
    private static void PullBackDirection<TVector>(Values<TVector> v, StepRecord<TVector> record, TVector q, TVector b1, TVector b2, TVector? b3, bool gathers) where TVector : class, IVector<TVector>
    {
        AdamUpdate.Corrections k = v.Adam;
        TVector g = record.Gradient, m = record.NextState[0], s = record.NextState[1], l = record.NextState[2];
        (TVector x, TVector sign, TVector part) = (record.Scratch[0], record.Scratch[1], record.Scratch[2]);
        Average(v, record.NextState, x);
        Interpolate(x, v.Fast, 1, g);
        SignOf(v, record, sign, part);
        if (gathers)
        {
            Normalize(v, x, s, part);
            Interpolate(part, v.Sign, 1, sign);
            v.Plain.AddHypergradient(PlainFactor / k.C1, q, m);
            v.Plain.AddHypergradient(-1, q, part);
        }
        v.Plain.AddProduct(b1, 1, PlainFactor / k.C1, q);
        Fade(q, v.Plain);

        if (gathers)
        {
            Normalize(v, x, s, part);
            v.Sign.AddHypergradient(1, q, sign);
            v.Sign.AddHypergradient(-1, q, part);
        }
        part.CopyFrom(q);
        sign.CombineProduct(0, 1, sign, sign);
        part.CombineProduct(Steepness, -Steepness, sign, q);
        v.Sign.Multiply(part);
        TVector slope = sign;
        b2.CombineProduct(1, -0.5 / k.C2, AdamUpdate.RootSlope(record, k, m, 1 / k.C1, slope), part);
        Normalize(v, part, s, part);
        b1.Combine(1, 1 / k.C1, part);
        Fade(q, v.Sign);

        b2.CombineProduct(1, -0.5 / k.C2, AdamUpdate.RootSlope(record, k, x, 1, slope), q);
        Normalize(v, q, s, q);

        if (gathers)
        {
            Average(v, record.NextState, x);
            v.Fast.AddHypergradient(1, q, g);
            v.Fast.AddHypergradient(-1, q, x);
        }
        part.CopyFrom(q);
        v.Fast.Multiply(part);
        Fade(q, v.Fast);

        if (gathers)
        {
            v.Slow.AddHypergradient(1 / v.C3, q, l);
            v.Slow.AddHypergradient(-1 / k.C1, q, m);
        }
        if (b3 is not null)
            v.Slow.AddProduct(b3, 1, 1 / v.C3, q);
        Fade(q, v.Slow);
        b1.Combine(1, 1 / k.C1, q);
        q.CopyFrom(part);
    }

    /// <summary><c>v + ξw</c>: what the learning rate multiplies.</summary>
    private static TVector Direction<TVector>(Values<TVector> v, StepRecord<TVector> record) where TVector : class, IVector<TVector>
    {
        (TVector x, TVector sign, TVector spare) = (record.Scratch[0], record.Scratch[1], record.Scratch[2]);
        Average(v, record.NextState, x);
        Interpolate(x, v.Fast, 1, record.Gradient);
        Normalize(v, x, record.NextState[1], x);
        SignOf(v, record, sign, spare);
        Interpolate(x, v.Sign, 1, sign);
        Interpolate(x, v.Plain, PlainFactor / v.Adam.C1, record.NextState[0]);
        v.Decay.AddProduct(x, 1, 1, record.Weights);
        return x;
    }

    /// <summary><c>mix(m̂, l̂; slow)</c>.</summary>
    private static void Average<TVector>(Values<TVector> v, TVector[] state, TVector result) where TVector : class, IVector<TVector>
    {
        result.Combine(0, 1 / v.Adam.C1, state[0]);
        Interpolate(result, v.Slow, 1 / v.C3, state[2]);
    }

    /// <summary><c>xR</c>.</summary>
    private static void Normalize<TVector>(Values<TVector> v, TVector x, TVector squares, TVector result) where TVector : class, IVector<TVector> =>
        result.QuotientRoot(x, 1 / v.Adam.C2, squares, AdamUpdate.Epsilon);

    /// <summary><c>tanh(5m̂R)</c>.</summary>
    private static void SignOf<TVector>(Values<TVector> v, StepRecord<TVector> record, TVector result, TVector ones) where TVector : class, IVector<TVector>
    {
        Normalize(v, record.NextState[0], record.NextState[1], result);
        result.Scale(2 * Steepness / v.Adam.C1);
        result.Sigmoid();
        ones.Fill(1);
        result.Combine(2, -1, ones);
    }

    /// <summary>Adds to the weights <c>factor·α∘sign∘(1-plain)∘x</c>.</summary>
    private static void AddSign<TVector>(Values<TVector> v, TVector weights, TVector x, double factor) where TVector : class, IVector<TVector>
    {
        v.Sign.Multiply(x);
        Fade(x, v.Plain);
        v.Rate.AddProduct(weights, 1, factor, x);
    }

    /// <summary><c>x ← (1-share)∘x</c>.</summary>
    private static void Fade<TVector>(TVector x, HyperparameterValue<TVector> share) where TVector : class, IVector<TVector> => share.AddProduct(x, 1, -1, x);

    /// <summary><c>x ← mix(x, factor·y; share)</c>.</summary>
    private static void Interpolate<TVector>(TVector x, HyperparameterValue<TVector> share, double factor, TVector y) where TVector : class, IVector<TVector>
    {
        Fade(x, share);
        share.AddProduct(x, 1, factor, y);
    }

    private static Hyperparameter Share(string name, bool perTensor) => new(name, Transform.Identity, 0, 0, 1) { Granularity = perTensor ? Granularity.PerTensor : Granularity.Scalar };

    /// <summary>The hyperparameters by name, and the averages' bias corrections.</summary>
    private readonly struct Values<TVector>(HyperparameterSet<TVector> values, long t) where TVector : class, IVector<TVector>
    {
        internal HyperparameterValue<TVector> Rate => values[0];

        internal HyperparameterValue<TVector> Decay => values[1];

        internal HyperparameterValue<TVector> Slow => values[4];

        internal HyperparameterValue<TVector> Fast => values[5];

        internal HyperparameterValue<TVector> Sign => values[6];

        internal HyperparameterValue<TVector> Plain => values[7];

        internal AdamUpdate.Corrections Adam { get; } = new(values[2].Mean, values[3].Mean, t);

        internal double C3 { get; } = 1 - Math.Pow(SlowDecay, t);
    }
}
