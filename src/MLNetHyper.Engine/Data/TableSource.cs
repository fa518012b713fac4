namespace MLNetHyper.Engine;

/// <summary>
/// A table's file, opened to be trained on with or without all of it in memory: <see cref="CsvTable.Open(string, CsvOptions?)"/> and its like for other formats make one. Where
/// the table is larger than <see cref="DataOptions.MemoryLimit"/> allows, its rows go through memory in pieces.
/// </summary>
public abstract class TableSource
{
    /// <summary>What a cell takes while a table is read, prepared and trained on: a number, the list that it was collected in, a copy where rows are chosen, a feature. Measured: docs/results/tables-curves.md.</summary>
    private protected const int MemoryPerCell = 48;

    // Columns of texts in pieces that somebody has read.
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
    internal IEnumerable<Table> Pieces(IReadOnlyCollection<string> texts) => Pieces(texts, TablePart.Whole).Select(piece => piece.Rows);

    /// <summary>The same of a part of the pieces, after the first one, which is given to everybody.</summary>
    /// <param name="texts">Columns to be read as texts.</param>
    /// <param name="part">Which pieces are the reader's own.</param>
    internal abstract IEnumerable<TablePiece> Pieces(IReadOnlyCollection<string> texts, TablePart part);

    /// <summary>
    /// Goes through all rows, of which each worker reads its part. A column that turns out to be of texts behind numbers, or in another's part, starts it again, with texts from the first row on.
    /// </summary>
    /// <param name="workers">Who reads.</param>
    /// <param name="begin">Told that it begins, perhaps not for the first time.</param>
    /// <param name="take">Takes the next piece, whose columns are of the same kinds in all.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    /// <exception cref="WorkersException">Workers have other tables.</exception>
    internal void ForEach(Workers workers, Action begin, Action<TablePiece> take, CancellationToken cancellation)
    {
        (string Name, bool IsNumeric)[]? columns;
        do
        {
            begin();
            while ((columns = Read(workers, take, cancellation)) is null)
                begin();
            // Parts of different tables must not become one.
            workers.RequireSame($"{MemoryNeeded}\n{string.Join('\n', columns.Select(column => column.Name))}");
        }
        while (OthersHaveMore([.. columns.Where(column => !column.IsNumeric).Select(column => column.Name)], workers));
    }

    /// <summary>Goes through all rows once more, of which each worker reads the same part.</summary>
    /// <param name="workers">As in <see cref="ForEach"/>, which came before.</param>
    /// <param name="take">Takes the next piece.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    /// <exception cref="IOException">A column of numbers has become one of texts.</exception>
    internal void Again(Workers workers, Action<TablePiece> take, CancellationToken cancellation)
    {
        if (Read(workers, take, cancellation) is null)
            throw Changed("a column of numbers has texts now");
    }

    /// <summary>What is said where a file is not what it was.</summary>
    internal IOException Changed(string how) => new($"'{Name}' has changed since it was first read: {how}. It must stay the same while it is read.");

    /// <returns>The columns; null where one turned out to be of texts, so that all have to be read again.</returns>
    private (string Name, bool IsNumeric)[]? Read(Workers workers, Action<TablePiece> take, CancellationToken cancellation)
    {
        (string Name, bool IsNumeric)[]? first = null;
        foreach (TablePiece piece in Pieces(_texts, new TablePart(workers.Rank, workers.Count)))
        {
            cancellation.ThrowIfCancellationRequested();
            first ??= [.. piece.Rows.Columns.Select(column => (column.Name, column.IsNumeric))];
            string[] turned = [.. piece.Rows.Columns.Where((column, i) => first[i].IsNumeric && !column.IsNumeric).Select(column => column.Name)];
            if (turned.Length > 0)
            {
                _texts.UnionWith(turned);
                return null;
            }
            take(piece);
        }
        return first ?? [];
    }

    /// <summary>Whether somebody has met texts in a column in which another has met only numbers. Afterwards it is one of texts for all.</summary>
    private bool OthersHaveMore(string[] texts, Workers workers)
    {
        string[][] all = workers.Tell(writer => writer.Write(texts, writer.Write), reader => reader.ReadArray(1, reader.ReadString));
        _texts.UnionWith(all.SelectMany(names => names));
        return all.Any(names => !_texts.SetEquals(names));
    }
}
