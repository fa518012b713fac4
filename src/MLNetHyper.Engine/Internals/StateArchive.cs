namespace MLNetHyper.Engine;

/// <summary>
/// Writes a run's state, or reads it back: each part of a run names its fields once, in one order, for both directions, so that
/// the two cannot drift apart.
/// </summary>
internal abstract class StateArchive
{
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
        double[] elements = new double[vector.Length];
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

        internal override void Values(Span<double> values)
        {
            foreach (double value in values)
                writer.Write(value);
        }
    }

    internal sealed class Reader(BinaryReader reader) : StateArchive
    {
        internal override bool IsReading => true;

        internal override void Value(ref long value) => value = reader.ReadInt64();

        internal override void Value(ref double value) => value = reader.ReadDouble();

        internal override void Values(Span<double> values)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = reader.ReadDouble();
        }
    }
}
