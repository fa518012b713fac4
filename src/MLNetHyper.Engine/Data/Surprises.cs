namespace MLNetHyper.Engine;

/// <summary>What a table, or several that are pieces of one, holds that the training rows did not: a sentence for each column with a count and the first place.</summary>
/// <param name="encodings">The columns of the model.</param>
/// <param name="known">All columns that training had; null where that was not noted.</param>
internal sealed class Surprises(IReadOnlyList<ColumnEncoding> encodings, IReadOnlyCollection<string>? known)
{
    private readonly ColumnSurprise[] _columns = [.. encodings.Select(encoding => encoding.CreateSurprise())];
    private readonly HashSet<string?> _files = [];
    private string[] _further = [];

    /// <summary>Takes the next rows.</summary>
    /// <exception cref="DataFormatException">A column does not exist.</exception>
    internal void Add(Table table)
    {
        _files.Add(table.Source);
        for (int i = 0; i < _columns.Length; i++)
            _columns[i].Add(table, table[encodings[i].Column]);
        if (known is not null)
            _further = [.. _further.Union(table.Columns.Select(column => column.Name).Except(known))];
    }

    /// <summary>A sentence for each column that surprises, and one for further columns.</summary>
    internal IReadOnlyList<string> Sentences
    {
        get
        {
            string? further = _further.Length == 0 ? null
                : $"{Counted(_further.Length, "column")} that the training data did not have {(_further.Length == 1 ? "is" : "are")} not used: {string.Join(", ", _further)}.";
            return [.. _columns.Select(column => column.Sentence(withFile: _files.Count > 1)).Append(further).OfType<string>()];
        }
    }

    internal static string Counted(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}

/// <summary>The same of one column.</summary>
/// <param name="column">Its name.</param>
/// <param name="ofMissing">What becomes of a missing value; null where some were missing in training.</param>
/// <param name="known">The texts of training; null for a column of numbers or dates.</param>
internal sealed class ColumnSurprise(string column, string? ofMissing, IEnumerable<string>? known)
{
    private readonly HashSet<string>? _known = known is null ? null : new(known, StringComparer.Ordinal);
    private readonly HashSet<string> _unseen = new(StringComparer.Ordinal);
    private int _rows;
    private string? _first;
    private (string Place, string WithFile) _place;
    private int _missing;
    private (string Place, string WithFile) _placeOfMissing;

    internal void Add(Table table, TableColumn values)
    {
        for (int row = 0; row < values.Count; row++)
        {
            if (values.IsMissing(row))
            {
                if (ofMissing is not null && _missing++ == 0)
                    _placeOfMissing = PlacesOf(table, row);
            }
            else if (_known is not null && values.TextAt(row) is { } text && !_known.Contains(text))
            {
                _unseen.Add(text);
                if (_rows++ == 0)
                    (_first, _place) = (text, PlacesOf(table, row));
            }
        }
    }

    /// <summary>What it comes to, as a sentence; null where nothing surprises.</summary>
    /// <param name="withFile">Whether there are several files.</param>
    internal string? Sentence(bool withFile)
    {
        string? unseen = _rows == 0 ? null
            : $"column '{column}' has {Surprises.Counted(_unseen.Count, "text")} in {Surprises.Counted(_rows, "row")} that no training row had, first '{_first}' in {(withFile ? _place.WithFile : _place.Place)}: they count as \"other\".";
        string? missing = _missing == 0 ? null
            : $"column '{column}' is empty in {Surprises.Counted(_missing, "row")}, first in {(withFile ? _placeOfMissing.WithFile : _placeOfMissing.Place)}, but was in no training row: {ofMissing}.";
        return unseen is null || missing is null ? unseen ?? missing : $"{unseen} {missing}";
    }

    private static (string Place, string WithFile) PlacesOf(Table table, int row) => (table.PlaceOf(row), table.PlaceOf(row, withFile: true));
}
