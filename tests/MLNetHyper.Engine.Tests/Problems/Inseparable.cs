using System.Numerics;

namespace MLNetHyper.Engine.Tests;

/// <summary>Members that nobody may take apart.</summary>
internal sealed class Inseparable<T>(NetworkMembers<T> members) : IObjective<DenseVector<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public IReadOnlyList<TensorSegment> Tensors => members.Tensors;

    public IReadOnlyList<TensorSegment> Models => members.Models;

    public IReadOnlyList<Hyperparameter> Hyperparameters => members.Hyperparameters;

    public DenseVector<T> CreateVector() => members.CreateVector();

    public void Initialize(DenseVector<T> weights, int seed) => members.Initialize(weights, seed);

    public LossSum CreateLossSum() => members.CreateLossSum();

    public ILinearization<DenseVector<T>> CreateLinearization(bool withProducts = true) => members.CreateLinearization(withProducts);

    public ILinearization<DenseVector<T>> CreateTraining(IReadOnlyList<HyperparameterValue<DenseVector<T>>> values, bool withProducts) => members.CreateTraining(values, withProducts);
}
