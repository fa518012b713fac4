namespace MLNetHyper;

/// <summary>Which slots differ between rows, at a cost of the values that the rows hold: what sparse rows leave out is zero and not looked at.</summary>
internal sealed class SlotVariation(int count)
{
    private readonly float[] _first = new float[count];
    private readonly bool[] _varies = new bool[count];

    // How many rows held the first row's value, where that is not zero: if not all, some left it out.
    private readonly long[] _held = new long[count];
    private long _rows;

    /// <param name="slots">The slots of <paramref name="values"/> in a sparse row; empty for a row with all values.</param>
    /// <param name="values">The values.</param>
    internal void Add(ReadOnlySpan<int> slots, ReadOnlySpan<float> values)
    {
        bool isDense = values.Length == count;
        for (int i = 0; i < values.Length; i++)
        {
            int slot = isDense ? i : slots[i];
            if (_rows == 0)
                _first[slot] = values[i];
            if (values[i] == _first[slot])
                _held[slot]++;
            else
                _varies[slot] = true;
        }
        _rows++;
    }

    internal bool Varies(int slot) => _varies[slot] || (_first[slot] != 0 && _held[slot] < _rows);
}
