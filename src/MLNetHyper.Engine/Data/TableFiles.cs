namespace MLNetHyper.Engine;

/// <summary>Several files of the same columns, one after the other.</summary>
internal sealed class TableFiles : TableSource
{
    private readonly IReadOnlyList<TableSource> _files;

    private TableFiles(IReadOnlyList<TableSource> files) : base(TableFile.Named([.. files.Select(file => file.Name)]))
    {
        _files = files;
        // Of a file that cannot be read at once nobody can tell.
        MemoryNeeded = files.Any(file => file.MemoryNeeded == long.MaxValue) ? long.MaxValue : files.Sum(file => file.MemoryNeeded);
    }

    internal override long MemoryNeeded { get; }

    /// <summary>Several files as one source; one as it is.</summary>
    /// <param name="files">At least one.</param>
    internal static TableSource Join(IReadOnlyList<TableSource> files) => files.Count == 1 ? files[0] : new TableFiles(files);

    /// <summary>Opens each of several files.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static TableSource Open(IReadOnlyList<string> paths, Func<string, TableSource> open)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Count > 0 ? Join([.. paths.Select(open)]) : throw new ArgumentException("There must be at least one file.", nameof(paths));
    }

    public override Table Load()
    {
        List<Table> pieces = [];
        ForEach(Workers.One, pieces.Clear, piece => pieces.Add(piece.Rows), CancellationToken.None);
        Table all = Table.Join(pieces);
        TableColumn[] used = [.. all.Columns.Where(column => !column.IsNothing)];
        return used.Length == 0 || used.Length == all.Columns.Count ? all : all.Of(used);
    }

    internal override IEnumerable<TablePiece> Pieces(IReadOnlyCollection<string> texts, TablePart part)
    {
        HashSet<string> known = [.. texts];
        Table? first = null;
        for (int file = 0; file < _files.Count; file++)
        {
            TablePart own = part.Of(file, _files.Count);
            if (own == TablePart.None && file > 0)
                continue;
            foreach (TablePiece piece in _files[file].Pieces([.. known], own))
            {
                bool isFirst = first is null;
                first ??= piece.Rows;
                if (!isFirst && !piece.IsOwn)
                    continue;
                Table alike = piece.Rows.Source == first.Source ? piece.Rows : Alike(piece.Rows, first);
                known.UnionWith(alike.Columns.Where(column => !column.IsNumeric).Select(column => column.Name));
                // CSV files are read again as texts; others know what they hold.
                if (alike.Columns.FirstOrDefault(column => column.IsNumeric && known.Contains(column.Name)) is { } numbers)
                    throw new DataFormatException($"the column holds numbers, but texts in another of the files ({Name}). Write it alike in all, or leave out the file.", piece.Rows.Source, column: numbers.Name);
                yield return new(alike, ((long)file << 32) | (uint)piece.Number, piece.IsOwn);
                if (own == TablePart.None)
                    break;
            }
        }
    }

    /// <summary>A table with the columns of another, in their order.</summary>
    private static Table Alike(Table table, Table first)
    {
        string[] own = [.. table.Columns.Select(column => column.Name)], theirs = [.. first.Columns.Select(column => column.Name)];
        if (own.AsSpan().SequenceEqual(theirs))
            return table;
        string[] missing = [.. theirs.Except(own)], further = [.. own.Except(theirs)];
        if (missing.Length == 0 && further.Length == 0)
            return table.Of([.. theirs.Select(name => table[name])]);
        string[] faults = [.. missing.Length == 0 ? [] : new[] { $"has no {Columns(missing)}" }, .. further.Length == 0 ? [] : new[] { $"has {Columns(further)}" }];
        throw new DataFormatException($"the file {string.Join(", and ", faults)}, other than {first.Source}. Files that are one table must have the same columns: correct it, or leave it out.", table.Source);
    }

    private static string Columns(string[] names)
    {
        const int Listed = 5;
        string list = string.Join(", ", names.Take(Listed).Select(name => $"'{name}'"));
        return $"{(names.Length == 1 ? "column" : "columns")} {list}{(names.Length > Listed ? $" and {names.Length - Listed} more" : "")}";
    }
}
