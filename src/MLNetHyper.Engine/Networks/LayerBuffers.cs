namespace MLNetHyper.Engine;

/// <summary>What one layer holds per example: a chunk after another, a unit a row of the chunk's examples.</summary>
internal struct LayerBuffers<T> where T : unmanaged
{
    private AlignedBuffer<T>? _values;
    private AlignedBuffer<T>? _deltas;
    private AlignedBuffer<T>? _derivatives;
    private AlignedBuffer<T>? _secondDerivatives;
    private int _units;

    /// <summary>Makes room for <paramref name="columns"/> examples; what was stored is lost when there was less.</summary>
    internal void Reserve(int units, int columns, bool smooth)
    {
        long area = (long)units * columns;
        if (_values is not null && _values.Length >= area + columns)
            return;
        _units = units;
        _values = new AlignedBuffer<T>(area + columns);
        _deltas = new AlignedBuffer<T>(area);
        if (!smooth)
            return;
        _derivatives = new AlignedBuffer<T>(area);
        _secondDerivatives = new AlignedBuffer<T>(area);
    }

    /// <summary>The block of a chunk, from its example <paramref name="offset"/> on.</summary>
    internal readonly unsafe LayerBlock<T> At(Chunk chunk, int offset = 0)
    {
        nint start = ((nint)_units * chunk.Start) + offset;
        return new LayerBlock<T>(
            _values!.Pointer + start + chunk.Start,
            _deltas!.Pointer + start,
            _derivatives is null ? null : _derivatives.Pointer + start,
            _secondDerivatives is null ? null : _secondDerivatives.Pointer + start);
    }
}

/// <summary>A chunk's part of <see cref="LayerBuffers{T}"/>.</summary>
/// <param name="values">Activations, one row per unit and a row of ones; predictions in the last layer.</param>
/// <param name="deltas">Derivatives of the loss by the activations' inputs.</param>
/// <param name="derivatives">The activation's derivatives; null unless it is smooth. In scratch: the tangents of its inputs.</param>
/// <param name="secondDerivatives">Its second derivatives, times the loss's derivatives by its values once those are known.</param>
internal readonly unsafe struct LayerBlock<T>(T* values, T* deltas, T* derivatives, T* secondDerivatives) where T : unmanaged
{
    internal T* Values { get; } = values;

    internal T* Deltas { get; } = deltas;

    internal T* Derivatives { get; } = derivatives;

    internal T* SecondDerivatives { get; } = secondDerivatives;
}
