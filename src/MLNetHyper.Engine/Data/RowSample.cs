namespace MLNetHyper.Engine;

/// <summary>
/// A random sample of rows that pass by: every row draws a number, those below the threshold are kept, and the threshold falls where they become too many. The first row of each
/// class is kept in any case.
/// </summary>
/// <param name="seed">The same seed keeps the same rows.</param>
/// <param name="most">How many rows to keep, about.</param>
/// <param name="labelColumn">The column of classes, if it is one.</param>
internal sealed class RowSample(int seed, int most, string labelColumn)
{
    // Rows draw other numbers where the same seed divides them.
    private readonly int _seed = ~seed;
    private readonly HashSet<string> _classes = new(StringComparer.Ordinal);
    private readonly List<(Table Rows, long[] Places, double[] Draws)> _kept = [];
    private double _threshold = 1;
    private int _count;

    /// <summary>Takes the next rows.</summary>
    /// <param name="piece">The rows.</param>
    /// <param name="usable">Which of them may be kept.</param>
    /// <param name="place">The first one's place among all.</param>
    internal void Add(Table piece, int[] usable, long place)
    {
        TableColumn label = piece[labelColumn];
        List<int> rows = [];
        List<double> draws = [];
        foreach (int row in usable)
        {
            double draw = _classes.Count <= TaskInference.MaximumClasses && _classes.Add(label.TextAt(row)!) ? 0 : RowDraw.Of(_seed, place + row);
            if (draw >= _threshold)
                continue;
            rows.Add(row);
            draws.Add(draw);
        }
        Keep(piece, [.. rows], [.. rows.Select(row => place + row)], [.. draws]);
        while (_count > most)
            Shrink();
    }

    /// <summary>The rows that were kept.</summary>
    internal Table ToTable() => Table.Join([.. _kept.Select(part => part.Rows)]);

    /// <summary>Their places among all.</summary>
    internal long[] Places => [.. _kept.SelectMany(part => part.Places)];

    private void Shrink()
    {
        _threshold *= 0.75;
        var parts = _kept.ToArray();
        _kept.Clear();
        _count = 0;
        foreach ((Table rows, long[] places, double[] draws) in parts)
        {
            int[] left = [.. Enumerable.Range(0, draws.Length).Where(i => draws[i] < _threshold)];
            Keep(rows, left, Array.ConvertAll(left, i => places[i]), Array.ConvertAll(left, i => draws[i]));
        }
    }

    private void Keep(Table table, int[] rows, long[] places, double[] draws)
    {
        if (rows.Length == 0)
            return;
        _kept.Add((table.Select(rows), places, draws));
        _count += rows.Length;
    }
}
