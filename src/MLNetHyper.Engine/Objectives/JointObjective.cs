namespace MLNetHyper.Engine;

/// <summary>
/// The loss of the batches of all workers together: gradients, and products with curvature, are the means of theirs, each batch counting by its weight. To whoever
/// asks, it is one process with one large batch.
/// </summary>
/// <param name="own">The objective on this worker's batches.</param>
/// <param name="workers">All workers.</param>
internal sealed class JointObjective<TVector>(IObjective<TVector> own, Workers workers) : IObjective<TVector> where TVector : class, IVector<TVector>
{
    public IReadOnlyList<TensorSegment> Tensors => own.Tensors;

    public IReadOnlyList<TensorSegment> Models => own.Models;

    public IReadOnlyList<Hyperparameter> Hyperparameters => own.Hyperparameters;

    public bool ValidationGradientIsNoisy => own.ValidationGradientIsNoisy;

    public TVector CreateVector() => own.CreateVector();

    public TVector CreateVector(int length) => own.CreateVector(length);

    public void Initialize(TVector weights, int seed) => own.Initialize(weights, seed);

    public LossSum CreateLossSum() => own.CreateLossSum();

    public ILinearization<TVector> CreateLinearization(bool withProducts = true) => Join(own.CreateLinearization(withProducts));

    public ILinearization<TVector> CreateTraining(IReadOnlyList<HyperparameterValue<TVector>> values, bool withProducts) => Join(own.CreateTraining(values, withProducts));

    public ILinearization<TVector> CreateValidation(IReadOnlyList<HyperparameterValue<TVector>> values) => Join(own.CreateValidation(values));

    private JointLinearization<TVector> Join(ILinearization<TVector> linearization) => new(linearization, own, workers);
}
