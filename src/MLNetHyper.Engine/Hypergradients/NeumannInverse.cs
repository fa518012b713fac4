using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// The Neumann series <c>q = α Σⱼ (I - αH)ʲ v</c>, j = 0 … K, with the learning rate α (Lorraine et al. 2020, algorithm 3). It is what K + 1 steps of gradient descent
/// make of the derivative, and comes near the inverse where α lies below 2 over the greatest eigenvalue and the Hessian is positive definite.
/// </summary>
/// <remarks>
/// The factor α in front belongs to the series: without it the direct part of a hypergradient would be of another scale; the authors' code for recurrent networks
/// leaves it out, has <c>ggᵀ</c> in place of H, and takes the direct part with the wrong sign.
/// </remarks>
/// <param name="products">The number K of Hessian products, from 0 (the identity times α) to 1000. Default 5.</param>
/// <param name="damping">δ ≥ 0 added to the Hessian's diagonal. Default 0.</param>
public sealed class NeumannInverse(int products = 5, double damping = 0) : InverseHessian
{
    /// <summary>The number K of Hessian products.</summary>
    public int Products { get; } = CheckProducts(products);

    /// <summary>δ.</summary>
    public double Damping { get; } = CheckDamping(damping);

    /// <inheritdoc/>
    public override string Name => "implicit";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Products} products, damping {Damping:R}");

    /// <inheritdoc/>
    public override InverseHessianProduct<TVector> Create<TVector>(TrainingHessian<TVector> hessian) => new Series<TVector>(hessian, Products, Damping);

    private sealed class Series<TVector>(TrainingHessian<TVector> hessian, int products, double damping) : InverseHessianProduct<TVector> where TVector : class, IVector<TVector>
    {
        private readonly TVector _product = hessian.CreateVector();

        public override void Multiply(TVector v, TVector q)
        {
            TVector term = v;
            q.CopyFrom(v);
            for (int k = 0; k < products; k++)
            {
                hessian.Multiply(term, _product, damping);
                term.Combine(1, -hessian.LearningRate, _product);
                q.Combine(1, 1, term);
            }
            q.Scale(hessian.LearningRate);
        }
    }
}
