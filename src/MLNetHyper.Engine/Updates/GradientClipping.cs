namespace MLNetHyper.Engine;

/// <summary>What is done to a training gradient before the step, and the derivative of that: a symmetric map, which serves tangents and adjoints alike.</summary>
internal abstract class GradientClipping
{
    /// <summary>g ← g'.</summary>
    internal abstract void Apply<TVector>(TVector gradient) where TVector : class, IVector<TVector>;

    /// <summary>Turns changes of the gradient (or adjoints of the clipped gradient) into those of the clipped gradient (of the gradient).</summary>
    /// <param name="changes">The changes, overwritten.</param>
    /// <param name="gradient">g, before clipping.</param>
    /// <param name="scratch">Vectors to overwrite, at least two.</param>
    internal abstract void Differentiate<TVector>(ReadOnlySpan<TVector> changes, TVector gradient, TVector[] scratch) where TVector : class, IVector<TVector>;
}

/// <summary>
/// Clipping of the norm, <c>g' = s·g</c> with <c>s = min(1, c/(‖g‖+ε))</c>. Where it clips, a change of g changes s too:
/// <c>dg' = s·dg - c/((‖g‖+ε)²‖g‖)·(g·dg)·g</c>.
/// </summary>
/// <param name="limit">c.</param>
internal sealed class NormClipping(double limit) : GradientClipping
{
    /// <summary>What PyTorch's <c>clip_grad_norm_</c>, and so the reference of Clarke et al. 2022, adds to the norm.</summary>
    private const double Epsilon = 1e-6;

    internal override void Apply<TVector>(TVector gradient) => gradient.LimitNorm(limit, Epsilon);

    internal override void Differentiate<TVector>(ReadOnlySpan<TVector> changes, TVector gradient, TVector[] scratch)
    {
        double norm = Math.Sqrt(gradient.Dot(gradient)), padded = norm + Epsilon;
        // A norm of NaN must not pass for one that is not clipped.
        if (limit >= padded)
            return;
        foreach (TVector x in changes)
        {
            // The step that an infinite norm belongs to is lost as well.
            if (double.IsInfinity(norm))
                x.Scale(double.NaN);
            else
                x.Combine(limit / padded, -limit * gradient.Dot(x) / (padded * padded * norm), gradient);
        }
    }
}

/// <summary>Clamping of each element to ±c, which is constant where it clamps (Micaelli and Storkey 2021).</summary>
/// <param name="limit">c.</param>
internal sealed class ElementClipping(double limit) : GradientClipping
{
    internal override void Apply<TVector>(TVector gradient) => gradient.Clamp(-limit, limit);

    internal override void Differentiate<TVector>(ReadOnlySpan<TVector> changes, TVector gradient, TVector[] scratch)
    {
        // What clamping takes away is exactly 0 where it does not clamp, and elsewhere, times 1e38, beyond ±1.
        TVector taken = scratch[0], isClamped = scratch[1];
        isClamped.CopyFrom(gradient);
        isClamped.Clamp(-limit, limit);
        taken.Combine(0, 1, gradient);
        taken.Combine(1, -1, isClamped);
        taken.Scale(1e38);
        taken.Clamp(-1, 1);
        isClamped.CombineProduct(0, 1, taken, taken);
        foreach (TVector x in changes)
            x.CombineProduct(1, -1, isClamped, x);
    }
}
