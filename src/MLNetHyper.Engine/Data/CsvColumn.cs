using System.Text;

namespace MLNetHyper.Engine;

/// <summary>Collects a CSV file's column: numbers until a text comes, then, in a second reading, texts.</summary>
sealed class CsvColumn(string path, CsvRecords.Name name, CsvOptions options)
{
    private readonly bool _mustBeNumeric = options.NumericColumns.Contains(name.Text);
    private readonly bool _keepsMissingWords = options.KeepMissingWords.Contains(name.Text);
    private readonly bool _decimalComma = options.DecimalSeparator == ',';
    private readonly bool _meantAsText = options.TextColumns.Contains(name.Text) || options.KeepMissingWords.Contains(name.Text);
    private readonly List<double> _numbers = [];
    private readonly List<string?> _texts = [];

    // Categories recur: one string each saves most of a large file's memory.
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);

    private readonly List<CellNote> _missingWords = [];
    private CellNote? _codes, _typographicMinus;
    private DataFormatException? _infinite;
    private bool _hasNumber, _hasNone, _isSpelled;

    // Null once there are too many for classes, whose names stay as they are written.
    private HashSet<double>? _distinct = [];

    internal bool IsText { get; private set; } = options.TextColumns.Contains(name.Text) || options.KeepMissingWords.Contains(name.Text) || options.KnownTexts.Contains(name.Text);

    /// <summary>Whether the file must be read again for its texts. Only the end of the first reading tells.</summary>
    internal bool NeedsTexts => IsText || KeepsSpellings;

    /// <summary>Whether nothing stands in it, not even in the header: what a separator at the end of each line makes.</summary>
    internal bool IsNothing => name.IsMissing && !IsText && !_hasNumber && _missingWords.Count == 0;

    private bool KeepsSpellings => _isSpelled && _distinct is not null;

    internal void AddNumber(CsvRecords records, int index)
    {
        if (IsText)
            return;
        ReadOnlySpan<byte> field = records.Field(index);
        if (Cell.IsMissing(field) || Cell.IsNone(field))
        {
            _hasNone |= Cell.IsNone(field);
            NoteMissing(records, index);
            _numbers.Add(double.NaN);
        }
        else if (_decimalComma ? Cell.TryNumberWithComma(field, out double number) : Cell.TryNumber(field, out number))
        {
            Note(records, index, field, number);
            _numbers.Add(number);
        }
        else if (_mustBeNumeric)
        {
            throw new DataFormatException(Cell.NotANumber(records.Text(index)), path, records.Line, name.Text);
        }
        else
        {
            BecomeText();
        }
    }

    /// <summary>None is a category where no number stands beside it.</summary>
    internal void EndNumbers()
    {
        if (!IsText && _hasNone && !_hasNumber && !_mustBeNumeric)
            BecomeText();
    }

    internal void AddText(CsvRecords records, int index)
    {
        ReadOnlySpan<byte> field = records.Field(index);
        if (IsText ? (_keepsMissingWords ? field.IsEmpty : Cell.IsMissing(field)) : double.IsNaN(_numbers[_texts.Count]))
        {
            if (IsText)
                NoteMissing(records, index);
            _texts.Add(null);
            return;
        }
        string text = records.Text(index);
        if (_pool.TryGetValue(text, out string? known))
            text = known;
        else
            _pool.Add(text, text);
        _texts.Add(text);
    }

    internal TableColumn Build()
    {
        ColumnNotes notes = new(name.IsMissing, _missingWords, _codes, _typographicMinus);
        if (IsText)
            return new TableColumn(name.Text, [.. _texts]) { MeantAsText = _meantAsText, Notes = notes };
        return _infinite is null
            ? new TableColumn(name.Text, [.. _numbers]) { Spellings = KeepsSpellings ? [.. _texts] : null, Notes = notes }
            : throw _infinite;
    }

    private void BecomeText()
    {
        IsText = true;
        _numbers.Clear();
        _numbers.TrimExcess();
        _missingWords.Clear();
        (_codes, _typographicMinus) = (null, null);
    }

    private void Note(CsvRecords records, int index, ReadOnlySpan<byte> field, double number)
    {
        _hasNumber = true;
        // "inf" may yet turn out to be one text among others.
        if (double.IsInfinity(number))
            _infinite ??= new DataFormatException(Cell.Infinite(records.Text(index)), path, records.Line, name.Text);
        if (Cell.IsCode(field))
            _codes = CellNote.Add(_codes, records, index);
        if (field[0] == "\u2212"u8[0] && Cell.HasTypographicMinus(field))
            _typographicMinus = CellNote.Add(_typographicMinus, records, index);
        if (_distinct is null)
            return;
        _distinct.Add(number);
        if (_distinct.Count > TaskInference.MaximumClasses)
            _distinct = null;
        // Most whole numbers need not be written to see that they would come out the same.
        _isSpelled = _isSpelled || !(Cell.IsPlainInteger(field) || Encoding.UTF8.GetBytes(Cell.Format(number)).AsSpan().SequenceEqual(field));
    }

    private void NoteMissing(CsvRecords records, int index)
    {
        if (records.Field(index).IsEmpty)
            return;
        string word = records.Text(index);
        int known = _missingWords.FindIndex(note => note.Text == word);
        if (known < 0)
            _missingWords.Add(CellNote.Add(null, records, index));
        else
            _missingWords[known] = CellNote.Add(_missingWords[known], records, index);
    }
}
