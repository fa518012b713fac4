using System.Numerics.Tensors;

namespace MLNetHyper.Engine;

/// <summary>
/// Replaces a state by its mean over all workers. What the state consists of is what a checkpoint has of it, named once; counters, which are whole
/// numbers, are the same for all and stay.
/// </summary>
internal sealed class AveragingArchive(Workers workers) : StateArchive
{
    private double[] _numbers = [];
    private int _count;
    private bool _isReading;

    internal override bool IsReading => _isReading;

    /// <summary>Averages a state.</summary>
    /// <param name="serialize">Names its parts, once for this worker's and once for the mean.</param>
    internal void Average(Action<StateArchive> serialize)
    {
        (_count, _isReading) = (0, false);
        serialize(this);
        Span<double> numbers = _numbers.AsSpan(0, _count);
        workers.Sum(numbers);
        TensorPrimitives.Divide(numbers, workers.Count, numbers);
        (_count, _isReading) = (0, true);
        serialize(this);
    }

    internal override void Value(ref long value) { }

    internal override void Value(ref double value) => Values(new Span<double>(ref value));

    internal override void Values(Span<double> values)
    {
        int end = _count + values.Length;
        if (_numbers.Length < end)
            Array.Resize(ref _numbers, Math.Max(end, 2 * _numbers.Length));
        Span<double> place = _numbers.AsSpan(_count, values.Length);
        if (_isReading)
            place.CopyTo(values);
        else
            values.CopyTo(place);
        _count = end;
    }
}
