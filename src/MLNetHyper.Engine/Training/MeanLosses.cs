namespace MLNetHyper.Engine;

/// <summary>Each model's mean loss over several batches of all workers, each of which counts by its weight.</summary>
internal sealed class MeanLosses<TVector>(ILinearization<TVector> linearization, BatchSource batches, int models, WorkMeter work, Workers workers) where TVector : class, IVector<TVector>
{
    private readonly double[] _ofBatch = new double[models];
    private readonly double[] _sums = new double[2 * models];

    /// <summary>Measures <paramref name="count"/> batches from number <paramref name="first"/> on; without any weight the losses are 0.</summary>
    internal void Measure(TVector weights, long first, int count, Span<double> losses)
    {
        Array.Clear(_sums);
        Span<double> sums = _sums.AsSpan(0, losses.Length), total = _sums.AsSpan(losses.Length);
        for (int i = 0; i < count; i++)
        {
            Batch batch = batches.BatchAt(first + i);
            linearization.Losses(weights, batch, _ofBatch);
            for (int k = 0; k < losses.Length; k++)
            {
                sums[k] += _ofBatch[k] * batch.WeightOf(k);
                total[k] += batch.WeightOf(k);
            }
            work.AddForward(batch.Count);
        }
        workers.Sum(_sums);
        for (int k = 0; k < losses.Length; k++)
            losses[k] = total[k] > 0 ? sums[k] / total[k] : 0;
    }
}
