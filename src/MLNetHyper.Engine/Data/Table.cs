using System.Diagnostics.CodeAnalysis;

namespace MLNetHyper.Engine;

/// <summary>Named columns of numbers and texts, in memory.</summary>
public sealed partial class Table
{
    private readonly Dictionary<string, TableColumn> _byName = new(StringComparer.Ordinal);
    private readonly int[]? _lines;

    // Of rows from several files each one's; null where all are from one.
    private readonly string?[]? _files;

    /// <summary>A table of the given columns.</summary>
    /// <param name="columns">At least one column; all have the same number of rows and different names.</param>
    /// <exception cref="ArgumentException">There is no column, or lengths or names do not fit together.</exception>
    public Table(params IReadOnlyList<TableColumn> columns) : this(columns, source: null, lines: null)
    {
    }

    internal Table(IReadOnlyList<TableColumn> columns, string? source, int[]? lines, string?[]? files = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        Columns = [.. columns];
        RowCount = columns[0].Count;
        Source = source;
        (_lines, _files) = (lines, files);
        foreach (TableColumn column in Columns)
        {
            if (column.Count != RowCount)
                throw new ArgumentException($"Column '{column.Name}' has {column.Count} rows, but column '{columns[0].Name}' has {RowCount}.", nameof(columns));
            if (!_byName.TryAdd(column.Name, column))
                throw new ArgumentException($"Two columns are named '{column.Name}'.", nameof(columns));
        }
    }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The file that the table was read from, as the caller named it; of several files the first and how many more; null if it came from memory.</summary>
    public string? Source { get; }

    /// <summary>What separates the fields of <see cref="Source"/>; null if the table came from memory.</summary>
    internal char? Separator { get; init; }

    /// <summary>The column of that name; upper and lower case differ.</summary>
    /// <exception cref="DataFormatException">There is none; the message suggests the nearest name.</exception>
    public TableColumn this[string name] => TryGetColumn(name, out TableColumn? column)
        ? column
        : throw new DataFormatException(NameSuggestion.Missing(name, Columns.Select(c => c.Name)), Source, column: name);

    /// <summary>Looks a column up by name; upper and lower case differ.</summary>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out TableColumn? column)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out column);
    }

    /// <summary>A table of some of the rows, in the given order; a row may occur several times.</summary>
    /// <param name="rows">Row indices, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the table.</exception>
    public Table Select(ReadOnlySpan<int> rows)
    {
        bool areAll = rows.Length == RowCount;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)RowCount)
                throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"The table has {RowCount} rows, counted from 0.");
            areAll &= rows[i] == i;
        }
        // Tables do not change, so that all rows in their order need no copy.
        if (areAll)
            return this;
        TableColumn[] columns = new TableColumn[Columns.Count];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = Columns[i].Select(rows);
        int[] lines = new int[rows.Length];
        string?[]? files = _files is null ? null : new string?[rows.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = LineOf(rows[i]);
            if (files is not null)
                files[i] = FileOf(rows[i]);
        }
        return new Table(columns, Source, lines, files) { Separator = Separator };
    }

    /// <summary>The same rows with other columns.</summary>
    internal Table Of(IReadOnlyList<TableColumn> columns) => new(columns, Source, _lines, _files) { Separator = Separator };

    /// <summary>The rows of several tables of the same columns, one after the other.</summary>
    internal static Table Join(IReadOnlyList<Table> tables)
    {
        Table first = tables[0];
        if (tables.Count == 1)
            return first;
        bool isOneFile = tables.All(table => table._files is null && table.Source == first.Source);
        TableColumn[] columns = [.. first.Columns.Select((_, i) => TableColumn.Join([.. tables.Select(table => isOneFile ? table.Columns[i] : table.Columns[i].NotedIn(table.Source))]))];
        int[] lines = [.. tables.SelectMany(table => Enumerable.Range(0, table.RowCount).Select(table.LineOf))];
        if (isOneFile)
            return new(columns, first.Source, lines) { Separator = first.Separator };
        string?[] files = [.. tables.SelectMany(table => Enumerable.Range(0, table.RowCount).Select(table.FileOf))];
        return new(columns, TableFile.Named([.. files.Distinct().OfType<string>()]), lines, files) { Separator = first.Separator };
    }

    /// <summary>Where a row stands in <see cref="Source"/>, or in its own of several files, the header being line 1; without a source, the row counted from 1.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public int LineOf(int row) => _lines is null ? row + 1 : _lines[row];

    /// <summary>The same in words: "row 3", "line 4", or "line 4 of b.csv" where there are several files.</summary>
    /// <param name="row">The row.</param>
    /// <param name="withFile">Whether the file is named in any case.</param>
    internal string PlaceOf(int row, bool withFile = false) => $"{(Source is null ? "row" : "line")} {LineOf(row)}{(_files is null && !withFile ? "" : $" of {FileOf(row)}")}";

    /// <summary>The file that a row is from; null if it came from memory.</summary>
    internal string? FileOf(int row) => _files is null ? Source : _files[row];

    internal DataFormatException Error(string problem, int? row = null, string? column = null) =>
        row is int index ? new(problem, FileOf(index), LineOf(index), column) : new(problem, Source, null, column);
}
