namespace MLNetHyper.Engine;

/// <summary>Collects a CSV file's column: numbers until a text comes, then, in a second reading, texts.</summary>
sealed class CsvColumn(string path, string name, bool mustBeNumeric, bool isText)
{
    private readonly List<double> _numbers = [];
    private readonly List<string?> _texts = [];

    // Categories recur: one string each saves most of a large file's memory.
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);

    private DataFormatException? _infinite;

    internal bool IsText { get; private set; } = isText;

    internal void AddNumber(CsvRecords records, int index)
    {
        if (IsText)
            return;
        ReadOnlySpan<byte> field = records.Field(index);
        if (Cell.IsMissing(field))
        {
            _numbers.Add(double.NaN);
        }
        else if (Cell.TryNumber(field, out double number))
        {
            // "inf" may yet turn out to be one text among others.
            if (double.IsInfinity(number))
                _infinite ??= new DataFormatException(Cell.Infinite(records.Text(index)), path, records.Line, name);
            _numbers.Add(number);
        }
        else if (mustBeNumeric)
        {
            throw new DataFormatException(Cell.NotANumber(records.Text(index)), path, records.Line, name);
        }
        else
        {
            IsText = true;
            _numbers.Clear();
            _numbers.TrimExcess();
        }
    }

    internal void AddText(CsvRecords records, int index)
    {
        ReadOnlySpan<byte> field = records.Field(index);
        if (Cell.IsMissing(field))
        {
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
        if (IsText)
            return new TableColumn(name, [.. _texts]);
        return _infinite is null ? new TableColumn(name, [.. _numbers]) : throw _infinite;
    }
}
