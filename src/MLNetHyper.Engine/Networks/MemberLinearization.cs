using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Several members' networks, each at a point of its own. Threads share the members.</summary>
/// <param name="members">One for each.</param>
/// <param name="objective">Has the members' parts of vectors, and the threads.</param>
internal sealed class MemberLinearization<T>(ILinearization<DenseVector<T>>[] members, NetworkMembers<T> objective) : ILinearization<DenseVector<T>>, IDividedWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _losses = new double[members.Length];
    private readonly DenseVector<T>[][] _directions = [.. members.Select(_ => Array.Empty<DenseVector<T>>())];
    private readonly DenseVector<T>[][] _products = [.. members.Select(_ => Array.Empty<DenseVector<T>>())];

    // The job under way.
    private Job _job;
    private DenseVector<T>[] _weights = [];
    private DenseVector<T>[] _gradients = [];
    private MemberBatch? _batch;
    private Curvature _curvature;
    private BatchPart _part;

    private enum Job
    {
        Loss,
        Gradient,
        Products,
    }

    public double Loss(DenseVector<T> weights, Batch batch)
    {
        Run(Job.Loss, weights, batch);
        return Sum();
    }

    public void Losses(DenseVector<T> weights, Batch batch, Span<double> losses)
    {
        Run(Job.Loss, weights, batch);
        _losses.CopyTo(losses);
    }

    public double Gradient(DenseVector<T> weights, Batch batch, DenseVector<T> gradient)
    {
        _gradients = objective.PartsOf(gradient);
        Run(Job.Gradient, weights, batch);
        return Sum();
    }

    public void Gradient(DenseVector<T> weights, Batch batch, DenseVector<T> gradient, LossSum losses)
    {
        Gradient(weights, batch, gradient);
        double[] totals = ((MemberLossSum)losses).Totals;
        for (int k = 0; k < totals.Length; k++)
            totals[k] += _losses[k];
    }

    public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<T>> directions, ReadOnlySpan<DenseVector<T>> products, BatchPart part)
    {
        (_job, _curvature, _part) = (Job.Products, curvature, part);
        for (int k = 0; k < members.Length; k++)
        {
            if (_directions[k].Length != directions.Length)
                (_directions[k], _products[k]) = (new DenseVector<T>[directions.Length], new DenseVector<T>[directions.Length]);
            for (int d = 0; d < directions.Length; d++)
                (_directions[k][d], _products[k][d]) = (objective.PartsOf(directions[d])[k], objective.PartsOf(products[d])[k]);
        }
        objective.Share(this, FlopsOf(8.0 * directions.Length));
    }

    // One after the other: they add to the same hyperparameters.
    public void AddHypergradients(double factor, DenseVector<T> adjoint)
    {
        for (int k = 0; k < members.Length; k++)
            members[k].AddHypergradients(factor, objective.PartsOf(adjoint)[k]);
    }

    public void GradientTangent(HyperparameterValue<DenseVector<T>> value, int index, DenseVector<T> tangent)
    {
        for (int k = 0; k < members.Length; k++)
            members[k].GradientTangent(value, index, objective.PartsOf(tangent)[k]);
    }

    void IDividedWork.Do(int item, int worker)
    {
        switch (_job)
        {
            case Job.Loss:
                _losses[item] = members[item].Loss(_weights[item], _batch!.Of(item));
                break;
            case Job.Gradient:
                _losses[item] = members[item].Gradient(_weights[item], _batch!.Of(item), _gradients[item]);
                break;
            default:
                members[item].CurvatureVectorProducts(_curvature, _directions[item], _products[item], _part);
                break;
        }
    }

    private void Run(Job job, DenseVector<T> weights, Batch batch)
    {
        (_job, _weights, _batch) = (job, objective.PartsOf(weights), (MemberBatch)batch);
        objective.Share(this, FlopsOf(job == Job.Loss ? 2 : 6));
    }

    private double FlopsOf(double perWeight) => perWeight * _weights[0].Length * _batch!.Most * members.Length;

    private double Sum()
    {
        double sum = 0;
        foreach (double loss in _losses)
            sum += loss;
        return sum;
    }
}
