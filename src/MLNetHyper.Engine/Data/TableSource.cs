namespace MLNetHyper.Engine;

/// <summary>
/// A table's file, opened to be trained on with or without all of it in memory: <see cref="CsvTable.Open(string, CsvOptions?)"/> and its like for other formats make one. Where
/// the table is larger than <see cref="DataOptions.MemoryLimit"/> allows, its rows go through memory in pieces.
/// </summary>
public abstract class TableSource
{
    /// <summary>What a cell takes while a table is read, prepared and trained on: a number, the list that it was collected in, a copy where rows are chosen, a feature. Measured: docs/results/tables-curves.md.</summary>
    private protected const int MemoryPerCell = 48;

    // Columns that turned out to be of texts where the first rows had numbers.
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    private protected TableSource(string name) => Name = name;

    /// <summary>The file, as the caller named it; of several files the first and how many more.</summary>
    public string Name { get; }

    /// <summary>About how many bytes of memory reading and encoding the whole table takes.</summary>
    internal abstract long MemoryNeeded { get; }

    /// <summary>Reads the whole table.</summary>
    /// <exception cref="DataFormatException">The file cannot be read, or is no table.</exception>
    public abstract Table Load();

    /// <summary>The rows in file order, in tables of the same columns, whose names are those of the first. A column of texts stays one; one of numbers may become one of texts.</summary>
    /// <param name="texts">Columns to be read as texts.</param>
    internal abstract IEnumerable<Table> Pieces(IReadOnlyCollection<string> texts);

    /// <summary>Goes through all rows. A column that turns out to be of texts behind numbers starts it again, with texts from the first row on.</summary>
    /// <param name="begin">Told that it begins, perhaps not for the first time.</param>
    /// <param name="take">Takes the next rows, whose columns are of the same kinds in all.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    internal void ForEach(Action begin, Action<Table> take, CancellationToken cancellation)
    {
        while (!TryForEach(begin, take, cancellation))
        {
        }
    }

    private bool TryForEach(Action begin, Action<Table> take, CancellationToken cancellation)
    {
        begin();
        bool[]? numeric = null;
        foreach (Table piece in Pieces(_texts))
        {
            cancellation.ThrowIfCancellationRequested();
            numeric ??= [.. piece.Columns.Select(column => column.IsNumeric)];
            string[] turned = [.. piece.Columns.Where((column, i) => numeric[i] && !column.IsNumeric).Select(column => column.Name)];
            if (turned.Length > 0)
            {
                _texts.UnionWith(turned);
                return false;
            }
            take(piece);
        }
        return true;
    }
}
