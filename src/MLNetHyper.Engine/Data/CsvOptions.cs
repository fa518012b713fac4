namespace MLNetHyper.Engine;

/// <summary>How a CSV file is read. The defaults suit most files.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The separator between fields, an ASCII character other than a quotation mark or a line break.
    /// Null (default): whichever of comma, semicolon, tab and bar divides the first lines most evenly.
    /// </summary>
    public char? Separator { get; init; }

    /// <summary>
    /// What stands before the decimals: a point (default), or a comma, and then points may stand between thousands. A number of the other kind is a text.
    /// </summary>
    public char DecimalSeparator { get; init; } = '.';

    /// <summary>Whether the first line names the columns. Default true; otherwise they are called "column 1", "column 2" and so on.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>How bytes become letters. Null (default): UTF-8, or UTF-16 where the file begins with its byte order mark.</summary>
    public System.Text.Encoding? Encoding { get; init; }

    /// <summary>Columns that must hold numbers: a text in one is an error that names the cell, where otherwise the column would become a text column. Default: none.</summary>
    public IReadOnlyCollection<string> NumericColumns { get; init; } = [];

    /// <summary>Columns read as text even if all or nearly all their values are numbers, such as postcodes and other codes: see <see cref="TableColumn.MeantAsText"/>. Default: none.</summary>
    public IReadOnlyCollection<string> TextColumns { get; init; } = [];

    /// <summary>Columns read as text in which <c>NA</c>, <c>null</c> and the other words for a missing value are texts like any other, such as a region NA; only empty cells are missing. Default: none.</summary>
    public IReadOnlyCollection<string> KeepMissingWords { get; init; } = [];

    /// <summary>Whether the options may name columns that the file does not have, such as a model's label in a file to predict.</summary>
    internal bool AllowsAbsentColumns { get; init; }

    /// <summary>Columns that hold texts elsewhere in the file.</summary>
    internal IReadOnlyCollection<string> KnownTexts { get; init; } = [];

    /// <summary>All columns that the options name.</summary>
    internal IEnumerable<string> NamedColumns => NumericColumns.Concat(TextColumns).Concat(KeepMissingWords);

    /// <summary>Throws if the options name a column twice over, or one that does not exist.</summary>
    /// <param name="columns">Those that there are.</param>
    /// <param name="source">Where they come from; null for memory.</param>
    internal void CheckColumns(IReadOnlyCollection<string> columns, string? source)
    {
        if (NumericColumns.FirstOrDefault(name => TextColumns.Contains(name) || KeepMissingWords.Contains(name)) is string both)
            throw new ArgumentException($"Column '{both}' cannot be both numbers (CsvOptions.NumericColumns) and text (CsvOptions.TextColumns, CsvOptions.KeepMissingWords).");
        if (!AllowsAbsentColumns && NamedColumns.FirstOrDefault(name => !columns.Contains(name)) is string absent)
            throw new DataFormatException(NameSuggestion.Missing(absent, columns), source, column: absent);
    }
}
