using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Conjugate gradients on <c>(H + δ)q = v</c> from q = 0 (Lorraine et al. 2020 compare with them): exact after as many products as there are weights, and no learning
/// rate to suit. Where a direction turns out to have no positive curvature, the solution so far is kept.
/// </summary>
/// <param name="products">The number K of Hessian products, from 0 (the identity) to 1000. Default 5.</param>
/// <param name="damping">δ ≥ 0 added to the Hessian's diagonal. Default 0.</param>
public sealed class ConjugateGradientInverse(int products = 5, double damping = 0) : InverseHessian
{
    /// <summary>The number K of Hessian products.</summary>
    public int Products { get; } = CheckProducts(products);

    /// <summary>δ.</summary>
    public double Damping { get; } = CheckDamping(damping);

    /// <inheritdoc/>
    public override string Name => "implicit-cg";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Products} products, damping {Damping:R}");

    /// <inheritdoc/>
    public override InverseHessianProduct<TVector> Create<TVector>(TrainingHessian<TVector> hessian) => new Solver<TVector>(hessian, Products, Damping);

    private sealed class Solver<TVector>(TrainingHessian<TVector> hessian, int products, double damping) : InverseHessianProduct<TVector> where TVector : class, IVector<TVector>
    {
        private readonly TVector _direction = hessian.CreateVector();
        private readonly TVector _product = hessian.CreateVector();

        public override void Multiply(TVector v, TVector q)
        {
            TVector residual = v;
            double squared = residual.Dot(residual);
            // A gradient that is not finite must not come out as a hypergradient of zero.
            if (products == 0 || double.IsNaN(squared))
            {
                q.CopyFrom(v);
                return;
            }
            q.Fill(0);
            _direction.CopyFrom(residual);
            for (int k = 0; k < products && squared > 0; k++)
            {
                hessian.Multiply(_direction, _product, damping);
                double curvature = _direction.Dot(_product);
                if (!(curvature > 0))
                {
                    // Negative curvature: the solution so far, or the plain direction at the very start.
                    if (k == 0)
                        q.CopyFrom(v);
                    return;
                }
                double step = squared / curvature;
                q.Combine(1, step, _direction);
                residual.Combine(1, -step, _product);
                double next = residual.Dot(residual);
                _direction.Combine(next / squared, 1, residual);
                squared = next;
            }
        }
    }
}
