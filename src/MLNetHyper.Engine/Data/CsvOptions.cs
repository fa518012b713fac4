namespace MLNetHyper.Engine;

/// <summary>How a CSV file is read. The defaults suit most files.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The separator between fields, an ASCII character other than a quotation mark or a line break.
    /// Null (default): whichever of comma, semicolon, tab and bar divides the first lines most evenly.
    /// </summary>
    public char? Separator { get; init; }

    /// <summary>Columns that must hold numbers: a text in one is an error that names the cell, where otherwise the column would become a text column. Default: none.</summary>
    public IReadOnlyCollection<string> NumericColumns { get; init; } = [];

    /// <summary>Columns read as text even if all their values are numbers, such as postcodes and other codes. Default: none.</summary>
    public IReadOnlyCollection<string> TextColumns { get; init; } = [];
}
