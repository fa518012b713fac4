using MLNetHyper.Engine;

/// <summary>
/// Gradient descent along an average of gradients: <c>m⁺ = ρm + (1-ρ)g</c>, <c>w⁺ = w - αm⁺</c>, with the learning rate α and the
/// averaging ρ as hyperparameters.
/// </summary>
internal sealed class DampedUpdate : UpdateRule
{
    private const string Averaging = "rho";

    public override string Name => "damped";

    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(Hyperparameter.LearningRate, Transform.Log10, 0.1, -10, 1),
        new(Averaging, Transform.Logit, 0.5, -6, 6),
    ];

    public override int StateCount => 1;

    public override bool HasCoupledWeightDecay => false;

    /// <summary>The step itself.</summary>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        double lr = values[0].Mean, rho = values[1].Mean;
        state[0].Combine(rho, 1 - rho, gradient);
        weights.Combine(1, -lr, state[0]);
    }

    /// <summary><c>dm⁺ = ρdm + (1-ρ)Hdw + (m - g)dρ</c>, <c>dw⁺ = dw - αdm⁺ - m⁺dα</c>.</summary>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        double lr = values[0].Mean, rho = values[1].Mean;
        c[0].Combine(rho, 1 - rho, hz);
        seed.Add(Averaging, c[0], 1, record.State[0]);
        seed.Add(Averaging, c[0], -1, record.Gradient);
        z.Combine(1, -lr, c[0]);
        seed.Add(Hyperparameter.LearningRate, z, -1, record.NextState[0]);
    }

    /// <summary>The transpose: the adjoint of m⁺ is <c>b - αa</c>; it reaches m by ρ and the gradient by 1-ρ.</summary>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        double lr = values[0].Mean, rho = values[1].Mean;
        q.Combine(0, -lr, a);
        if (b.Length > 0)
        {
            q.Combine(1, 1, b[0]);
            b[0].Combine(0, rho, q);
        }
        q.Scale(1 - rho);
    }

    /// <summary><c>∂/∂α = -aᵀm⁺</c> and <c>∂/∂ρ = (b - αa)ᵀ(m - g)</c>.</summary>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        TVector adjoint = record.Scratch[0];
        values[0].AddHypergradient(-1, a, record.NextState[0]);
        adjoint.Combine(0, -values[0].Mean, a);
        if (b.Length > 0)
            adjoint.Combine(1, 1, b[0]);
        values[1].AddHypergradient(1, adjoint, record.State[0]);
        values[1].AddHypergradient(-1, adjoint, record.Gradient);
    }
}
