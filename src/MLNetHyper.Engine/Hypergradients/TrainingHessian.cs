namespace MLNetHyper.Engine;

/// <summary>
/// The matrix <c>H + ξ</c> of the training loss at the present weights, on the batch of the coming step, by its products with vectors. Nothing is computed before
/// the first is asked for.
/// </summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class TrainingHessian<TVector> where TVector : class, IVector<TVector>
{
    private readonly HypergradientContext<TVector> _context;
    private readonly Curvature _curvature;
    private readonly ILinearization<TVector> _linearization;
    private TVector? _weights;

    internal TrainingHessian(HypergradientContext<TVector> context, Curvature curvature)
    {
        (_context, _curvature) = (context, curvature);
        _linearization = context.Objective.CreateTraining(context.Hyperparameters.OfObjective, withProducts: true);
    }

    /// <summary>The present learning rate α, the mean where there are several: <c>I - α(H + ξ)</c> is what a step of gradient descent does to the weights.</summary>
    public double LearningRate => _context.Hyperparameters[Hyperparameter.LearningRate].Mean;

    /// <summary>A new vector of zeros, one for each row.</summary>
    public TVector CreateVector() => _context.Objective.CreateVector();

    /// <summary><c>product ← (H + ξ + damping)·x</c>. Decoupled decay is no term of the loss, and left out.</summary>
    /// <param name="x">The vector multiplied.</param>
    /// <param name="product">Overwritten; not <paramref name="x"/>.</param>
    /// <param name="damping">What is added to the diagonal.</param>
    public void Multiply(TVector x, TVector product, double damping = 0)
    {
        Linearize(product);
        _linearization.CurvatureVectorProducts(_curvature, [x], [product], BatchPart.Whole);
        _context.Work.AddProducts(_curvature, 1, 1);
        if (_context.Rule.HasCoupledWeightDecay)
            _context.Hyperparameters[Hyperparameter.WeightDecay].AddProduct(product, 1, 1, x);
        if (damping > 0)
            product.Combine(1, damping, x);
    }

    /// <summary>From now on it is the matrix at these weights.</summary>
    internal void MoveTo(TVector weights) => _weights = weights;

    /// <summary>Adds <c>-(∂g/∂λ)ᵀq</c> to the hypergradients of the objective's own hyperparameters.</summary>
    internal void AddHypergradients(TVector q, TVector scratch)
    {
        Linearize(scratch);
        _linearization.AddHypergradients(-1, q);
        _context.Work.AddProducts(Curvature.Hessian, 1, 1);
    }

    private void Linearize(TVector scratch)
    {
        if (_weights is null)
            return;
        Batch batch = _context.Training.BatchAt(_context.StepsTaken);
        _linearization.Gradient(_weights, batch, scratch);
        _context.Work.AddGradient(batch.Count);
        _weights = null;
    }
}
