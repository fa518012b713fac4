namespace MLNetHyper.Engine;

/// <summary>
/// Clipping of a gradient's norm, <c>g' = s·g</c> with <c>s = min(1, c/(‖g‖+ε))</c>, and its derivative. Where it clips, a change of
/// g changes s too: <c>dg' = s·dg - c/((‖g‖+ε)²‖g‖)·(g·dg)·g</c>, a symmetric map, which serves tangents and adjoints alike.
/// </summary>
internal static class GradientClipping
{
    /// <summary>What PyTorch's <c>clip_grad_norm_</c>, and so the reference of Clarke et al. 2022, adds to the norm.</summary>
    internal const double Epsilon = 1e-6;

    /// <summary>g ← g'.</summary>
    internal static void Apply<TVector>(TVector gradient, double limit) where TVector : class, IVector<TVector> => gradient.LimitNorm(limit, Epsilon);

    /// <summary>Turns a change of the gradient (or an adjoint of the clipped gradient) into that of the clipped gradient (of the gradient).</summary>
    /// <param name="x">The change, overwritten.</param>
    /// <param name="gradient">g, before clipping.</param>
    /// <param name="limit">c.</param>
    internal static void Differentiate<TVector>(TVector x, TVector gradient, double limit) where TVector : class, IVector<TVector>
    {
        double norm = Math.Sqrt(gradient.Dot(gradient)), padded = norm + Epsilon;
        // A norm of NaN must not pass for one that is not clipped.
        if (limit >= padded)
            return;
        if (double.IsInfinity(norm))
        {
            // The step that it belongs to is lost as well.
            x.Scale(double.NaN);
            return;
        }
        double along = gradient.Dot(x);
        x.Combine(limit / padded, -limit * along / (padded * padded * norm), gradient);
    }
}
