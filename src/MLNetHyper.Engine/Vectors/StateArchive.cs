using System.Runtime.InteropServices;

namespace MLNetHyper.Engine;

/// <summary>
/// Writes a run's state, or reads it back: each part of a run names its fields once, in one order, for both directions, so that
/// the two cannot drift apart.
/// </summary>
internal abstract class StateArchive
{
    private double[] _elements = [];

    internal abstract bool IsReading { get; }

    internal abstract void Value(ref long value);

    internal abstract void Value(ref double value);

    internal abstract void Values(Span<double> values);

    internal void Value(ref int value)
    {
        long wide = value;
        Value(ref wide);
        value = checked((int)wide);
    }

    internal void Value(ref bool value)
    {
        long wide = value ? 1 : 0;
        Value(ref wide);
        value = wide != 0;
    }

    internal void Vector<TVector>(TVector vector) where TVector : class, IVector<TVector>
    {
        if (_elements.Length < vector.Length)
            _elements = new double[vector.Length];
        Span<double> elements = _elements.AsSpan(0, vector.Length);
        if (!IsReading)
            vector.CopyTo(elements);
        Values(elements);
        if (IsReading)
            vector.CopyFrom((ReadOnlySpan<double>)elements);
    }

    internal void Vectors<TVector>(TVector[] vectors) where TVector : class, IVector<TVector>
    {
        foreach (TVector vector in vectors)
            Vector(vector);
    }

    internal sealed class Writer(BinaryWriter writer) : StateArchive
    {
        internal override bool IsReading => false;

        internal override void Value(ref long value) => writer.Write(value);

        internal override void Value(ref double value) => writer.Write(value);

        internal override void Values(Span<double> values) => writer.Write(MemoryMarshal.AsBytes(values));
    }

    internal sealed class Reader(BinaryReader reader) : StateArchive
    {
        internal override bool IsReading => true;

        internal override void Value(ref long value) => value = reader.ReadInt64();

        internal override void Value(ref double value) => value = reader.ReadDouble();

        internal override void Values(Span<double> values) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
    }
}
