namespace MLNetHyper.Engine;

/// <summary>One named column of a <see cref="Table"/>: all numbers or all texts.</summary>
public sealed partial class TableColumn
{
    private readonly double[]? _numbers;
    private readonly string?[]? _texts;

    /// <summary>A column of numbers, wrapped without copying.</summary>
    /// <param name="name">The column's name, not empty.</param>
    /// <param name="numbers">One value per row; NaN where it is missing.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public TableColumn(string name, double[] numbers) : this(name)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        _numbers = numbers;
    }

    /// <summary>A column of texts, wrapped without copying.</summary>
    /// <param name="name">The column's name, not empty.</param>
    /// <param name="texts">One text per row; null where it is missing.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public TableColumn(string name, string?[] texts) : this(name)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _texts = texts;
    }

    private TableColumn(string name, double[]? numbers, string?[]? texts) : this(name) => (_numbers, _texts) = (numbers, texts);

    private TableColumn(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The column's name; upper and lower case differ.</summary>
    public string Name { get; }

    /// <summary>Whether the column holds numbers; otherwise it holds texts.</summary>
    public bool IsNumeric => _numbers is not null;

    /// <summary>
    /// Whether the texts are meant as texts even if they look like numbers. Training refuses a text column that looks like numbers spoilt by a few cells,
    /// unless this says that they are codes or sizes. <see cref="CsvOptions.TextColumns"/> sets it. Default false; without meaning for numbers.
    /// </summary>
    public bool MeantAsText { get; init; }

    /// <summary>The texts of a numeric column that a class would be named by, where one of them is not <see cref="Cell.Format"/>'s; null where a number is missing.</summary>
    internal string?[]? Spellings { get; init; }

    /// <summary>Whether the texts were dates where they come from, so that they need not be named as such.</summary>
    internal bool AreDates { get; init; }

    /// <summary>What the reader saw.</summary>
    internal ColumnNotes Notes { get; init; } = ColumnNotes.None;

    /// <summary>Whether nothing stands in it, not even in the header: what a separator at the end of each line makes.</summary>
    internal bool IsNothing => Notes is { IsUnnamed: true, MissingWords.Count: 0 } && _numbers is not null && Array.TrueForAll(_numbers, double.IsNaN);

    /// <summary>Number of rows.</summary>
    public int Count => _numbers?.Length ?? _texts!.Length;

    /// <summary>The numbers, NaN where one is missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds texts.</exception>
    public ReadOnlySpan<double> Numbers => _numbers ?? throw new InvalidOperationException($"Column '{Name}' holds texts: read Texts.");

    /// <summary>The texts, null where one is missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds numbers.</exception>
    public ReadOnlySpan<string?> Texts => _texts ?? throw new InvalidOperationException($"Column '{Name}' holds numbers: read Numbers.");

    /// <summary>Whether the value of a row is missing.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public bool IsMissing(int row) => _numbers is not null ? double.IsNaN(_numbers[row]) : _texts![row] is null;

    /// <summary>The value as text, numbers as they were read or else in their shortest invariant form; null where it is missing.</summary>
    internal string? TextAt(int row) => IsMissing(row) ? null : _numbers is not null ? Spellings?[row] ?? Cell.Format(_numbers[row]) : _texts![row];

    internal TableColumn Select(ReadOnlySpan<int> rows) =>
        _numbers is not null
            ? new TableColumn(Name, Pick(_numbers, rows)) { Spellings = Spellings is null ? null : Pick(Spellings, rows), Notes = Notes }
            : new TableColumn(Name, Pick(_texts!, rows)) { MeantAsText = MeantAsText, AreDates = AreDates, Notes = Notes };

    /// <summary>The same, whose notes say in which of several files they are.</summary>
    internal TableColumn NotedIn(string? file) => ReferenceEquals(Notes, ColumnNotes.None) ? this : new(Name, _numbers, _texts) { MeantAsText = MeantAsText, Spellings = Spellings, AreDates = AreDates, Notes = Notes.In(file) };

    /// <summary>The values of several columns of one kind, one after the other.</summary>
    internal static TableColumn Join(IReadOnlyList<TableColumn> columns)
    {
        TableColumn first = columns[0];
        ColumnNotes notes = ColumnNotes.Join([.. columns.Select(column => column.Notes)]);
        if (!first.IsNumeric)
            return new(first.Name, Concatenate(columns, column => column._texts!)) { MeantAsText = first.MeantAsText, AreDates = first.AreDates, Notes = notes };
        bool spelled = columns.Any(column => column.Spellings is not null);
        return new(first.Name, Concatenate(columns, column => column._numbers!))
        {
            Spellings = spelled ? [.. columns.SelectMany(column => Enumerable.Range(0, column.Count).Select(column.TextAt))] : null,
            Notes = notes,
        };
    }

    private static TValue[] Concatenate<TValue>(IReadOnlyList<TableColumn> columns, Func<TableColumn, TValue[]> values)
    {
        TValue[] all = new TValue[columns.Sum(column => column.Count)];
        int start = 0;
        foreach (TableColumn column in columns)
        {
            values(column).CopyTo(all, start);
            start += column.Count;
        }
        return all;
    }

    private static TValue[] Pick<TValue>(TValue[] values, ReadOnlySpan<int> rows)
    {
        TValue[] picked = new TValue[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            picked[i] = values[rows[i]];
        return picked;
    }
}
