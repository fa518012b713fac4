using System.Numerics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The validation losses of all members: their gradient on one batch, their values on all data.</summary>
internal sealed class PopulationValidation<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSource _batches;
    private readonly ILinearization<TorchVector> _linearization;
    private readonly TorchLossSum _losses;
    private readonly int _everyWindows;
    private double[]? _last;
    private long _windows;
    private long _turn;

    internal PopulationValidation(TorchNetworkObjective<T> objective, BatchSource batches, int trainingBatchSize, int interval)
    {
        _batches = batches;
        _linearization = objective.CreateLinearization(withProducts: false);
        _losses = (TorchLossSum)objective.CreateLossSum();
        _everyWindows = Validation<TorchVector>.WindowsBetweenMeasurements(batches.ExampleCount, trainingBatchSize, interval);
    }

    /// <summary>The gradients on the next batch: batches take turns as in <see cref="Validation{TVector}"/>.</summary>
    internal double[] Gradient(TorchVector weights, TorchVector gradient)
    {
        _losses.Clear();
        _linearization.Gradient(weights, _batches.BatchAt(_turn++), gradient, _losses);
        return _losses.Totals();
    }

    /// <summary>The losses on all data: <paramref name="known"/> if one batch is all of them, else measured now and then, and the last ones in between.</summary>
    internal double[] FullLosses(TorchVector weights, double[] known)
    {
        if (_batches.BatchesPerEpoch == 1 && !Array.TrueForAll(known, double.IsNaN))
            return known;
        if (_windows++ % _everyWindows == 0 || _last is null)
            _last = Measure(weights);
        return _last;
    }

    internal double[] Measure(TorchVector weights)
    {
        double[]? sums = null;
        double weight = 0;
        long first = _turn / _batches.BatchesPerEpoch * _batches.BatchesPerEpoch;
        for (int i = 0; i < _batches.BatchesPerEpoch; i++)
        {
            Batch batch = _batches.BatchAt(first + i);
            double[] losses = Losses(_linearization, weights, batch);
            sums ??= new double[losses.Length];
            for (int k = 0; k < losses.Length; k++)
                sums[k] += losses[k] * batch.Weight;
            weight += batch.Weight;
        }
        return Array.ConvertAll(sums!, sum => weight > 0 ? sum / weight : 0);
    }

    internal static double[] Losses(ILinearization<TorchVector> linearization, TorchVector weights, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return ((TorchNetworkLinearization<T>)linearization).MemberLosses(weights, batch).to_type(ScalarType.Float64).cpu().data<double>().ToArray();
    }
}
