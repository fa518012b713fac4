namespace MLNetHyper.Engine;

/// <summary>
/// How <see cref="ImplicitDifferentiation"/> multiplies with the inverse of the training loss's Hessian, which no one can afford to write down. An immutable
/// description; <see cref="Create"/> makes the working part for one run on one engine.
/// </summary>
public abstract class InverseHessian
{
    /// <summary>The name of implicit differentiation with it, as on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>All settings: a checkpoint of another text is refused.</summary>
    public abstract override string ToString();

    /// <summary>Makes the working part.</summary>
    /// <param name="hessian">The matrix, by its products with vectors.</param>
    public abstract InverseHessianProduct<TVector> Create<TVector>(TrainingHessian<TVector> hessian) where TVector : class, IVector<TVector>;

    private protected static int CheckProducts(int products) =>
        products is >= 0 and <= 1000 ? products : throw new ArgumentOutOfRangeException(nameof(products), products, "The number of Hessian products must be from 0 to 1000.");

    private protected static double CheckDamping(double damping) =>
        damping >= 0 && double.IsFinite(damping) ? damping : throw new ArgumentOutOfRangeException(nameof(damping), damping, "The damping must be a finite number, 0 or more.");
}

/// <summary>The working part of an <see cref="InverseHessian"/> in one run.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public abstract class InverseHessianProduct<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>Writes <c>q ≈ (H + ξ)⁻¹ v</c>, where v is not finite something that is not either.</summary>
    /// <param name="v">The vector multiplied; may be overwritten.</param>
    /// <param name="q">Overwritten.</param>
    public abstract void Multiply(TVector v, TVector q);

    /// <summary>Forgets what it carries from one hyperparameter step to the next, after a rollback.</summary>
    public virtual void Reset() { }

    internal virtual void Serialize(StateArchive archive) { }
}
