using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Several members' networks, each at a point of its own. Threads share the members.</summary>
/// <param name="members">One for each.</param>
/// <param name="partsOf">From a vector to the members' parts of it.</param>
/// <param name="team">The threads.</param>
internal sealed class MemberLinearization<T>(ILinearization<DenseVector<T>>[] members, Func<DenseVector<T>, DenseVector<T>[]> partsOf, WorkerTeam team) : ILinearization<DenseVector<T>>, IDividedWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What a thread computes at a time has to last longer than it takes to wake it, and to wait for one that another process keeps from running.
    private const double FlopsWorthThreads = 2e7;

    private readonly double[] _losses = new double[members.Length];
    private readonly DenseVector<T>[][] _directions = [.. members.Select(_ => Array.Empty<DenseVector<T>>())];
    private readonly DenseVector<T>[][] _products = [.. members.Select(_ => Array.Empty<DenseVector<T>>())];

    // The job under way.
    private Job _job;
    private DenseVector<T>[] _weights = [];
    private DenseVector<T>[] _gradients = [];
    private Batch[] _batches = [];
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
        _gradients = partsOf(gradient);
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
                (_directions[k][d], _products[k][d]) = (partsOf(directions[d])[k], partsOf(products[d])[k]);
        }
        team.Run(this, members.Length, IsSmall(8.0 * directions.Length));
    }

    // One after the other: they add to the same hyperparameters.
    public void AddHypergradients(double factor, DenseVector<T> adjoint)
    {
        for (int k = 0; k < members.Length; k++)
            members[k].AddHypergradients(factor, partsOf(adjoint)[k]);
    }

    public void GradientTangent(HyperparameterValue<DenseVector<T>> value, int index, DenseVector<T> tangent)
    {
        for (int k = 0; k < members.Length; k++)
            members[k].GradientTangent(value, index, partsOf(tangent)[k]);
    }

    void IDividedWork.Do(int item, int worker)
    {
        switch (_job)
        {
            case Job.Loss:
                _losses[item] = members[item].Loss(_weights[item], _batches[item]);
                break;
            case Job.Gradient:
                _losses[item] = members[item].Gradient(_weights[item], _batches[item], _gradients[item]);
                break;
            default:
                members[item].CurvatureVectorProducts(_curvature, _directions[item], _products[item], _part);
                break;
        }
    }

    private void Run(Job job, DenseVector<T> weights, Batch batch)
    {
        (_job, _weights, _batches) = (job, partsOf(weights), ((MemberBatch)batch).Batches);
        team.Run(this, members.Length, IsSmall(job == Job.Loss ? 2 : 6));
    }

    private bool IsSmall(double flopsPerWeight) => flopsPerWeight * _weights[0].Length * _batches[0].Count * members.Length / Math.Min(team.Size, members.Length) < FlopsWorthThreads;

    private double Sum()
    {
        double sum = 0;
        foreach (double loss in _losses)
            sum += loss;
        return sum;
    }
}
