using System.Buffers;
using System.Runtime.InteropServices;

namespace MLNetHyper.Engine;

/// <summary>Takes encoded rows from whoever reads them to the worker that keeps them.</summary>
/// <param name="workers">All of them.</param>
/// <param name="featureCount">Features of a row.</param>
/// <param name="kept">Takes this worker's own.</param>
internal sealed class RowExchange(Workers workers, int featureCount, ExampleRows kept)
{
    // A row's features, its target and its weight.
    private readonly int _width = featureCount + 2;
    private readonly ArrayBufferWriter<byte>[] _outgoing = [.. Enumerable.Range(0, workers.Count).Select(_ => new ArrayBufferWriter<byte>())];

    /// <summary>Takes the next row that was read.</summary>
    /// <param name="worker">Whose it is.</param>
    /// <param name="features">Its features.</param>
    /// <param name="target">Its target.</param>
    /// <param name="weight">Its weight.</param>
    internal void Add(int worker, ReadOnlySpan<float> features, float target, float weight)
    {
        if (worker == workers.Rank)
        {
            kept.Add(features, target, weight);
            return;
        }
        ArrayBufferWriter<byte> outgoing = _outgoing[worker];
        Span<float> row = MemoryMarshal.Cast<byte, float>(outgoing.GetSpan(_width * sizeof(float)))[.._width];
        features.CopyTo(row);
        (row[^2], row[^1]) = (target, weight);
        outgoing.Advance(_width * sizeof(float));
    }

    /// <summary>Hands over what there is; all workers meet here.</summary>
    /// <param name="readsOn">Whether this one has more to come.</param>
    /// <returns>Whether any of them has.</returns>
    internal bool Deliver(bool readsOn)
    {
        if (workers.Count == 1)
            return readsOn;
        double[] reading = [readsOn ? 1 : 0];
        workers.Sum(reading);
        byte[][] messages = workers.Exchange([.. _outgoing.Select(rows => rows.WrittenSpan.ToArray())]);
        foreach (ArrayBufferWriter<byte> rows in _outgoing)
            rows.ResetWrittenCount();
        foreach (byte[] message in messages)
        {
            ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(message);
            for (; !rows.IsEmpty; rows = rows[_width..])
                kept.Add(rows[..featureCount], rows[featureCount], rows[featureCount + 1]);
        }
        return reading[0] > 0;
    }
}
