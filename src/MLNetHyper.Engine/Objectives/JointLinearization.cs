using System.Numerics.Tensors;

namespace MLNetHyper.Engine;

/// <summary>
/// A linearization of all workers' batches. Losses without a gradient remain this worker's own: <see cref="MeanLosses{TVector}"/> adds up many batches before workers
/// meet. So do derivatives by an objective's hyperparameters, which are averaged with all other hypergradients.
/// </summary>
internal sealed class JointLinearization<TVector> : ILinearization<TVector> where TVector : class, IVector<TVector>
{
    private readonly ILinearization<TVector> _own;
    private readonly IReadOnlyList<TensorSegment> _models;
    private readonly Workers _workers;
    private readonly LossSum _sum;
    private readonly double[] _losses;
    private readonly double[] _weights;
    private double[] _numbers = [];

    internal JointLinearization(ILinearization<TVector> own, IObjective<TVector> objective, Workers workers)
    {
        (_own, _models, _workers) = (own, objective.Models, workers);
        _sum = objective.CreateLossSum();
        _losses = new double[_models.Count];
        _weights = new double[_models.Count];
    }

    public double Loss(TVector weights, Batch batch) => _own.Loss(weights, batch);

    public void Losses(TVector weights, Batch batch, Span<double> losses) => _own.Losses(weights, batch, losses);

    public double Gradient(TVector weights, Batch batch, TVector gradient)
    {
        TakeGradient(weights, batch, gradient);
        return TensorPrimitives.Sum<double>(_losses);
    }

    public void Gradient(TVector weights, Batch batch, TVector gradient, LossSum losses)
    {
        TakeGradient(weights, batch, gradient);
        losses.Add(_losses);
    }

    public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<TVector> directions, ReadOnlySpan<TVector> products, BatchPart part)
    {
        _own.CurvatureVectorProducts(curvature, directions, products, part);
        Average(products);
    }

    public void AddHypergradients(double factor, TVector adjoint) => _own.AddHypergradients(factor, adjoint);

    public void GradientTangent(HyperparameterValue<TVector> value, int index, TVector tangent)
    {
        _own.GradientTangent(value, index, tangent);
        Average([tangent]);
    }

    public void AddDirectHypergradients() => _own.AddDirectHypergradients();

    private void TakeGradient(TVector weights, Batch batch, TVector gradient)
    {
        _sum.Clear();
        _own.Gradient(weights, batch, gradient, _sum);
        _sum.CopyTo(_losses);
        for (int k = 0; k < _weights.Length; k++)
            _weights[k] = batch.WeightOf(k);
        Average([gradient]);
    }

    /// <summary>The means of vectors, and of the last losses, over all workers, weighted by their last batches.</summary>
    private void Average(ReadOnlySpan<TVector> vectors)
    {
        int length = vectors[0].Length, models = _models.Count, all = (vectors.Length * length) + (2 * models);
        if (_numbers.Length < all)
            _numbers = new double[all];
        Span<double> numbers = _numbers.AsSpan(0, all), losses = numbers.Slice(all - (2 * models), models), weights = numbers[^models..];
        _losses.CopyTo(losses);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i].CopyTo(numbers.Slice(i * length, length));
        for (int k = 0; k < models; k++)
            Scale(numbers, length, k, _weights[k]);
        _weights.CopyTo(weights);
        _workers.Sum(numbers);
        for (int k = 0; k < models; k++)
            Scale(numbers, length, k, weights[k] > 0 ? 1 / weights[k] : 0);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i].CopyFrom((ReadOnlySpan<double>)numbers.Slice(i * length, length));
        losses.CopyTo(_losses);
    }

    /// <summary>Multiplies one model's loss and its part of every vector.</summary>
    private void Scale(Span<double> numbers, int length, int model, double factor)
    {
        TensorSegment segment = _models[model];
        int ends = numbers.Length - (2 * _models.Count);
        for (int start = 0; start < ends; start += length)
        {
            Span<double> part = numbers.Slice(start + segment.Start, segment.Length);
            TensorPrimitives.Multiply(part, factor, part);
        }
        numbers[ends + model] *= factor;
    }
}
