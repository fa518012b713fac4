namespace MLNetHyper.Engine;

/// <summary>
/// A random sample of rows that pass by, perhaps by several workers, who come to the same one whatever each of them has seen: every row draws a number, those below a threshold are kept, and the threshold
/// falls where they become too many. The first row of each class is kept in any case, unless there are more values than classes can have.
/// </summary>
/// <param name="seed">The same seed keeps the same rows.</param>
/// <param name="most">How many rows to keep, about.</param>
/// <param name="labelColumn">The column of classes, if it is one.</param>
internal sealed class RowSample(int seed, int most, string labelColumn)
{
    // The threshold is a power of this. After so many no sample has a row left.
    private const double Fall = 0.75;
    private const int Levels = 200;

    // Rows draw other numbers where the same seed divides them.
    private readonly int _seed = ~seed;
    private readonly HashSet<RowPlace> _firstOfClass = [];
    private readonly List<(Table Rows, RowPlace[] Places)> _kept = [];

    // Null where there are too many.
    private HashSet<string>? _classes = new(StringComparer.Ordinal);
    private int _level;
    private int _count;

    /// <summary>Takes the next rows.</summary>
    /// <param name="piece">The rows.</param>
    /// <param name="usable">Which of them may be kept.</param>
    /// <param name="places">Their places among all, ascending.</param>
    internal void Add(Table piece, int[] usable, RowPlace[] places)
    {
        TableColumn label = piece[labelColumn];
        for (int i = 0; i < usable.Length && _classes is not null; i++)
        {
            if (_classes.Add(label.TextAt(usable[i])!))
                _firstOfClass.Add(places[i]);
            if (_classes.Count > TaskInference.MaximumClasses)
                ForgetClasses();
        }
        Keep(piece, usable, places);
        while (_count > most)
            ShrinkTo(_level + 1);
    }

    /// <summary>The rows that were kept, and their places among all.</summary>
    internal (Table Rows, RowPlace[] Places) ToTable() => (Table.Join([.. _kept.Select(part => part.Rows)]), [.. _kept.SelectMany(part => part.Places)]);

    /// <summary>The sample of what all workers have seen.</summary>
    internal RowSample Of(Workers workers)
    {
        if (workers.Count == 1)
            return this;
        ShrinkTo(LevelOf(workers));
        (bool HasClasses, (Table Rows, RowPlace[] Places)[] Kept)[] parts = workers.Tell(Write, Read);
        var all = new RowSample(seed, most, labelColumn) { _level = _level, _classes = parts.All(part => part.HasClasses) ? [] : null };
        foreach ((Table rows, RowPlace[] places) in parts.SelectMany(part => part.Kept).OrderBy(part => part.Places[0].Piece))
            all.Add(rows, [.. Enumerable.Range(0, rows.RowCount)], places);
        return all;
    }

    /// <summary>To which level it falls where nobody keeps too many for all.</summary>
    private int LevelOf(Workers workers)
    {
        double[] counts = new double[Levels];
        Array.Fill(counts, most + 1, 0, Math.Min(_level, Levels));
        foreach (RowPlace place in _kept.SelectMany(part => part.Places))
        {
            double draw = place.Draw(_seed);
            for (int level = _level; level < Levels && draw < Math.Pow(Fall, level); level++)
                counts[level]++;
        }
        workers.Sum(counts);
        int first = Array.FindIndex(counts, count => count <= most);
        return first < 0 ? Levels : first;
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write(_classes is not null);
        writer.Write(_kept, part =>
        {
            part.Rows.Write(writer);
            writer.Write(part.Places, place => { writer.Write(place.Piece); writer.Write(place.Row); });
        });
    }

    private static (bool HasClasses, (Table Rows, RowPlace[] Places)[] Kept) Read(BinaryReader reader) =>
        (reader.ReadBoolean(), reader.ReadArray(1, () => (Table.Read(reader), reader.ReadArray(sizeof(long) + sizeof(int), () => new RowPlace(reader.ReadInt64(), reader.ReadInt32())))));

    private void ForgetClasses()
    {
        _classes = null;
        _firstOfClass.Clear();
        ShrinkTo(_level);
    }

    private void ShrinkTo(int level)
    {
        var parts = _kept.ToArray();
        _kept.Clear();
        (_level, _count) = (level, 0);
        foreach ((Table rows, RowPlace[] places) in parts)
            Keep(rows, [.. Enumerable.Range(0, places.Length)], places);
    }

    private void Keep(Table table, int[] rows, RowPlace[] places)
    {
        double threshold = Math.Pow(Fall, _level);
        List<int> kept = [];
        for (int i = 0; i < rows.Length; i++)
        {
            bool isBelow = places[i].Draw(_seed) < threshold;
            _count += isBelow ? 1 : 0;
            if (isBelow || _firstOfClass.Contains(places[i]))
                kept.Add(i);
        }
        if (kept.Count > 0)
            _kept.Add((table.Select([.. kept.Select(i => rows[i])]), [.. kept.Select(i => places[i])]));
    }
}
