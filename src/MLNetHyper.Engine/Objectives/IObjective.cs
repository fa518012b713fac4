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

    /// <summary>
    /// Hyperparameters of the training loss itself (regularizers, augmentation, weights of examples), which stand beside those of the update rule
    /// and are tuned by the same methods. Default: none.
    /// </summary>
    IReadOnlyList<Hyperparameter> Hyperparameters => [];

    /// <summary>
    /// Whether the loss that comes with a validation gradient is of hyperparameters or weights that were shaken for it, so that it does not say how good the weights are. Default false.
    /// </summary>
    bool ValidationGradientIsNoisy => false;

    /// <summary>A new weight-sized vector of zeros.</summary>
    TVector CreateVector();

    /// <summary>A new vector of so many zeros: for <see cref="Hyperparameters"/> of several numbers.</summary>
    TVector CreateVector(int length) => throw new NotSupportedException("An objective whose hyperparameters consist of several numbers must make vectors of their lengths.");

    /// <summary>Draws initial weights. The same seed gives the same weights.</summary>
    void Initialize(TVector weights, int seed);

    /// <summary>A place to sum losses up in.</summary>
    LossSum CreateLossSum() => new ImmediateLossSum();

    /// <summary>A place to evaluate the loss and its derivatives, without what <see cref="Hyperparameters"/> do to it. Several may be alive at once; each keeps its own activations.</summary>
    /// <param name="withProducts">
    /// Whether curvature products will be asked for. Without them an engine need not keep activations beyond the gradient itself.
    /// </param>
    ILinearization<TVector> CreateLinearization(bool withProducts = true);

    /// <summary>The same for the training loss. Default: the plain loss.</summary>
    /// <param name="values">The present values of <see cref="Hyperparameters"/>, in their order, to be read at each evaluation.</param>
    /// <param name="withProducts">As for <see cref="CreateLinearization"/>.</param>
    ILinearization<TVector> CreateTraining(IReadOnlyList<HyperparameterValue<TVector>> values, bool withProducts) => CreateLinearization(withProducts);

    /// <summary>The same for the validation loss, without products. Default: the plain loss.</summary>
    /// <param name="values">As for <see cref="CreateTraining"/>: a loss may depend on some in validation too.</param>
    ILinearization<TVector> CreateValidation(IReadOnlyList<HyperparameterValue<TVector>> values) => CreateLinearization(withProducts: false);
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
    void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<TVector> directions, ReadOnlySpan<TVector> products, BatchPart part);

    /// <summary>
    /// Adds <c>factor·(∂g/∂λ)ᵀ·adjoint</c> at the last gradient g to the hypergradients of the tuned ones of the objective's own values λ, with which this was
    /// created: the mixed part, <c>∂²L/∂λ∂w</c>. Asked for only where some are tuned.
    /// </summary>
    void AddHypergradients(double factor, TVector adjoint) => throw new NotSupportedException("The objective has hyperparameters, but its loss does not differentiate gradients by them.");

    /// <summary>Writes <c>∂g/∂λ</c> at the last gradient g, by one number of one of the objective's own values: as <see cref="AddHypergradients"/>, for forward mode.</summary>
    /// <param name="value">One of those with which this was created.</param>
    /// <param name="index">Which of its numbers.</param>
    /// <param name="tangent">Overwritten.</param>
    void GradientTangent(HyperparameterValue<TVector> value, int index, TVector tangent) => throw new NotSupportedException("The objective has hyperparameters, but its loss does not pass on their tangents.");

    /// <summary>
    /// Adds <c>∂L/∂λ</c> at the last gradient to the hypergradients of the objective's own values: the direct part, asked of validation losses. Default: nothing,
    /// which is right where validation does without them.
    /// </summary>
    void AddDirectHypergradients() { }
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
