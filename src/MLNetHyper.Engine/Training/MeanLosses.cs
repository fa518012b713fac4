namespace MLNetHyper.Engine;

/// <summary>Each model's mean loss over several batches, each of which counts by its weight.</summary>
internal sealed class MeanLosses<TVector>(ILinearization<TVector> linearization, BatchSource batches, int models, WorkMeter work) where TVector : class, IVector<TVector>
{
    private readonly double[] _ofBatch = new double[models];
    private readonly double[] _weights = new double[models];

    /// <summary>Measures <paramref name="count"/> batches from number <paramref name="first"/> on; without any weight the losses are 0.</summary>
    internal void Measure(TVector weights, long first, int count, Span<double> losses)
    {
        losses.Clear();
        Array.Clear(_weights);
        for (int i = 0; i < count; i++)
        {
            Batch batch = batches.BatchAt(first + i);
            linearization.Losses(weights, batch, _ofBatch);
            for (int k = 0; k < losses.Length; k++)
            {
                losses[k] += _ofBatch[k] * batch.WeightOf(k);
                _weights[k] += batch.WeightOf(k);
            }
            work.AddForward(batch.Count);
        }
        for (int k = 0; k < losses.Length; k++)
            losses[k] = _weights[k] > 0 ? losses[k] / _weights[k] : 0;
    }
}
