using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, in PyTorch's convention:
/// <c>d = g + ξw</c> (coupled) or <c>d = g</c> (decoupled); <c>m⁺ = μm + d</c>; <c>n = m⁺</c> (heavy ball) or <c>n = d + μm⁺</c>
/// (Nesterov); <c>w⁺ = w - αn</c>, decoupled also <c>- αξw</c>.
/// </summary>
/// <param name="nesterov">Nesterov's momentum instead of the heavy ball. Default false.</param>
/// <param name="decoupled">Weight decay beside the gradient instead of inside it. Default false.</param>
public sealed class SgdUpdate(bool nesterov = false, bool decoupled = false) : UpdateRule
{
    /// <inheritdoc/>
    public override string Name => (nesterov ? "nesterov" : "sgd") + (decoupled ? "-decoupled" : "");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(LearningRate, Transform.Log10, 0.1, -10, 0),
        new(WeightDecay, Transform.Log10, 1e-4, -10, -1),
        new(Momentum, Transform.Logit, 0.9, -6, 6),
    ];

    /// <inheritdoc/>
    public override int StateCount => 1;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => !decoupled;

    internal override bool CanStepApart => true;

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch) =>
        Step(values, weights, state, gradient, number, scratch, weights);

    internal override void Step<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch, TVector moved)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1], momentum = values[2];
        TVector m = state[0];
        if (moved == weights && IsPlain(values))
        {
            // The common case in one pass over memory.
            m.CombineInTurn(momentum.Mean, 1, gradient, wd.Mean, weights, 1, -lr.Mean);
            return;
        }
        if (!decoupled && wd.Elements is null && momentum.Elements is null)
        {
            m.Combine(momentum.Mean, 1, gradient, wd.Mean, weights);
        }
        else
        {
            momentum.Multiply(m);
            m.Combine(1, 1, gradient);
            if (!decoupled)
                wd.AddProduct(m, 1, 1, weights);
        }
        TVector n = m;
        if (nesterov)
        {
            n = scratch;
            n.CopyFrom(gradient);
            if (!decoupled)
                wd.AddProduct(n, 1, 1, weights);
            momentum.AddProduct(n, 1, 1, m);
        }
        if (decoupled)
        {
            if (!nesterov)
            {
                n = scratch;
                n.CopyFrom(m);
            }
            wd.AddProduct(n, 1, 1, weights);
        }
        lr.AddProduct(moved, 1, -1, n);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1], momentum = values[2];
        TVector dm = c[0], dd = hz, dn = dm;
        if (!decoupled)
        {
            wd.AddProduct(dd, 1, 1, z);
            seed.Add(WeightDecay, dd, 1, record.Weights);
        }
        momentum.Multiply(dm);
        dm.Combine(1, 1, dd);
        seed.Add(Momentum, dm, 1, record.State[0]);
        if (nesterov)
        {
            dn = dd;
            momentum.AddProduct(dn, 1, 1, dm);
            seed.Add(Momentum, dn, 1, record.NextState[0]);
        }
        if (decoupled)
        {
            if (!nesterov)
            {
                dn = hz;
                dn.CopyFrom(dm);
            }
            wd.AddProduct(dn, 1, 1, z);
            seed.Add(WeightDecay, dn, 1, record.Weights);
        }
        lr.AddProduct(z, 1, -1, dn);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, z, -1, Direction(values, record));
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed, double decay)
    {
        if (!IsPlain(values))
        {
            base.PushForward(values, record, z, c, hz, seed, decay);
            return;
        }
        // The same in two passes: what the seed adds inside the momentum goes by way of hz, which then brings its own decay.
        double lr = values[0].Mean, scale = decay;
        TVector? source = seed.Name == WeightDecay ? record.Weights : seed.Name == Momentum ? record.State[0] : null;
        if (source is not null)
        {
            if (seed.Mask is { } mask)
            {
                hz.Scale(decay);
                hz.CombineProduct(1, 1, mask, source);
            }
            else
            {
                hz.Combine(decay, 1, source);
            }
            scale = 1;
        }
        c[0].CombineInTurn(decay * values[2].Mean, scale, hz, decay * values[1].Mean, z, decay, -lr);
        seed.Add(LearningRate, z, -1, record.NextState[0]);
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1], momentum = values[2];
        if (b.Length == 0 && !nesterov && !decoupled)
        {
            lr.AddProduct(q, 0, -1, a);
            wd.AddProduct(a, 1, 1, q);
            return;
        }
        TVector bm = b.Length > 0 ? b[0] : record.Scratch[2];
        if (b.Length == 0)
            bm.Fill(0);
        // q is first the adjoint of n, then that of d.
        if (IsPlain(values))
        {
            q.Combine(0, 1, bm, -lr.Mean, a);
            bm.Combine(0, momentum.Mean, q);
            wd.AddProduct(a, 1, 1, q);
            return;
        }
        lr.AddProduct(q, 0, -1, a);
        if (decoupled)
            wd.AddProduct(a, 1, 1, q);
        if (nesterov)
        {
            momentum.AddProduct(bm, 1, 1, q);
            q.Combine(1, 1, bm);
        }
        else
        {
            bm.Combine(1, 1, q);
            q.CopyFrom(bm);
        }
        momentum.Multiply(bm);
        if (!decoupled)
            wd.AddProduct(a, 1, 1, q);
    }

    /// <inheritdoc/>
    /// <remarks><c>(1-μ)·n</c>, decoupled <c>(1-μ)·(n + ξw)</c>: a gradient that stays makes n, over the steps, 1/(1-μ) times itself.</remarks>
    public override bool TryResidual<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector residual)
    {
        TVector direction = Direction(values, record);
        residual.CopyFrom(direction);
        values[2].AddProduct(residual, 1, -1, direction);
        return true;
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        HyperparameterValue<TVector> lr = values[0], wd = values[1], momentum = values[2];
        if (lr.Definition.Tuned)
            lr.AddHypergradient(-1, a, Direction(values, record));
        TVector adjointN = record.Scratch[1], adjointM = record.Scratch[2];
        lr.AddProduct(adjointN, 0, -1, a);
        if (decoupled)
            wd.AddHypergradient(1, adjointN, record.Weights);
        if (b.Length > 0)
            adjointM.CopyFrom(b[0]);
        else
            adjointM.Fill(0);
        if (nesterov)
        {
            momentum.AddHypergradient(1, adjointN, record.NextState[0]);
            momentum.AddProduct(adjointM, 1, 1, adjointN);
        }
        else
        {
            adjointM.Combine(1, 1, adjointN);
        }
        momentum.AddHypergradient(1, adjointM, record.State[0]);
        if (decoupled)
            return;
        if (nesterov)
            adjointM.Combine(1, 1, adjointN);
        wd.AddHypergradient(1, adjointM, record.Weights);
    }

    /// <summary>The heavy ball with coupled decay and one value each for all weights: everything folds into one pass or two.</summary>
    private bool IsPlain<TVector>(HyperparameterSet<TVector> values) where TVector : class, IVector<TVector> =>
        !nesterov && !decoupled && values[0].Elements is null && values[1].Elements is null && values[2].Elements is null;

    /// <summary>n (+ ξw where decoupled): what the learning rate multiplies.</summary>
    private TVector Direction<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record) where TVector : class, IVector<TVector>
    {
        if (!nesterov && !decoupled)
            return record.NextState[0];
        HyperparameterValue<TVector> wd = values[1], momentum = values[2];
        TVector n = record.Scratch[0];
        n.CopyFrom(nesterov ? record.Gradient : record.NextState[0]);
        // Coupled: the decay inside d. Decoupled: the decay beside n. For the heavy ball's coupled case m⁺ holds it already.
        wd.AddProduct(n, 1, 1, record.Weights);
        if (nesterov)
            momentum.AddProduct(n, 1, 1, record.NextState[0]);
        return n;
    }
}
