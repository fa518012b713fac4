namespace MLNetHyper.Engine;

/// <summary>What a training loop and a hypergradient method may ask of a model: its mean loss on a batch and the derivatives of that loss.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public interface IObjective<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>The weight tensors in the order in which they lie in the flat vector.</summary>
    IReadOnlyList<TensorSegment> Tensors { get; }

    /// <summary>
    /// The weights of independent models that train side by side, whose losses share no weight: each is judged, rolled back and chosen
    /// for itself. Default: one model, which has all weights.
    /// </summary>
    IReadOnlyList<TensorSegment> Models => [new("all", 0, Tensors.Sum(t => t.Length), 0)];

    /// <summary>A new weight-sized vector of zeros.</summary>
    TVector CreateVector();

    /// <summary>Draws initial weights. The same seed gives the same weights.</summary>
    void Initialize(TVector weights, int seed);

    /// <summary>A place to sum losses up in.</summary>
    LossSum CreateLossSum() => new ImmediateLossSum();

    /// <summary>A place to evaluate the loss and its derivatives. Several may be alive at once; each keeps its own activations.</summary>
    /// <param name="withProducts">
    /// Whether curvature products will be asked for. Without them an engine need not keep activations beyond the gradient itself.
    /// </param>
    ILinearization<TVector> CreateLinearization(bool withProducts = true);
}

/// <summary>The loss of one batch at one point, with what is needed to differentiate it there once and twice.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public interface ILinearization<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>The mean loss of <paramref name="batch"/> at <paramref name="weights"/>; forward only. Nothing is kept for products.</summary>
    double Loss(TVector weights, Batch batch);

    /// <summary>As <see cref="Loss"/>, for each of <see cref="IObjective{TVector}.Models"/>.</summary>
    void Losses(TVector weights, Batch batch, Span<double> losses)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(losses.Length, 1);
        losses[0] = Loss(weights, batch);
    }

    /// <summary>
    /// The mean loss of <paramref name="batch"/> at <paramref name="weights"/>, its gradient written to <paramref name="gradient"/>.
    /// Keeps the activations: until the next call, products are taken at this point. The caller leaves
    /// <paramref name="weights"/> and <paramref name="batch"/> unchanged for as long as it asks for products.
    /// </summary>
    double Gradient(TVector weights, Batch batch, TVector gradient);

    /// <summary>As the overload without a sum, the loss being added to <paramref name="losses"/>: a device that computes behind the caller's back need not be waited for.</summary>
    void Gradient(TVector weights, Batch batch, TVector gradient, LossSum losses) => losses.Add(Gradient(weights, batch, gradient));

    /// <summary>
    /// Products of the loss's curvature at the last gradient with several directions, which share one linearization.
    /// </summary>
    /// <param name="curvature">The Hessian or its Gauss-Newton part.</param>
    /// <param name="directions">The vectors multiplied.</param>
    /// <param name="products">Where the products are written; none is also a direction.</param>
    /// <param name="part">The part of the batch whose mean loss is differentiated; <see cref="BatchPart.Whole"/> for all of it.</param>
    /// <exception cref="InvalidOperationException">There was no gradient yet, or this was created for gradients alone.</exception>
    void Products(Curvature curvature, ReadOnlySpan<TVector> directions, ReadOnlySpan<TVector> products, BatchPart part);
}

/// <summary>Which matrix of second derivatives a product uses.</summary>
public enum Curvature
{
    /// <summary>The exact Hessian, by Pearlmutter's R-operator.</summary>
    Hessian,

    /// <summary>The (generalized) Gauss-Newton matrix <c>Jᵀ H_out J</c>: positive semidefinite, and cheaper.</summary>
    GaussNewton,
}

/// <summary>One of <paramref name="Count"/> nearly equal contiguous parts of a batch.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">Into how many parts the batch is cut, at least 1. A batch with fewer examples is used whole.</param>
public readonly record struct BatchPart(int Index, int Count)
{
    /// <summary>The whole batch.</summary>
    public static BatchPart Whole => new(0, 1);
}
