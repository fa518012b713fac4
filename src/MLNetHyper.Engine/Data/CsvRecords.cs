using CsvHelper;

namespace MLNetHyper.Engine;

/// <summary>The records of a CSV file, one after the other, all with as many fields as the header.</summary>
sealed class CsvRecords : IDisposable
{
    private readonly CsvReader _reader;
    private readonly string _path;

    // Without a header the first record is read to know how many columns there are.
    private bool _isAhead;

    private readonly int _linesBefore;

    /// <summary>Opens the file's text and reads the header, if it has one.</summary>
    internal CsvRecords(string path, ReadOnlyMemory<byte> text, char? separator, bool hasHeader = true) : this(path, text, separator)
    {
        if (!Advance())
            throw new DataFormatException("the file is empty. The first line must name the columns, and data must follow.", path);
        _isAhead = !hasHeader;
        Header = hasHeader ? ReadHeader() : [.. Enumerable.Range(1, _reader.FieldCount).Select(i => new Name($"column {i}", false))];
    }

    /// <summary>Opens a later part of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The part, from the beginning of a record on.</param>
    /// <param name="separator">What separates the fields.</param>
    /// <param name="header">What the file's beginning says.</param>
    /// <param name="linesBefore">How many lines stand before the part.</param>
    internal CsvRecords(string path, ReadOnlyMemory<byte> text, char separator, Name[] header, int linesBefore) : this(path, text, separator) => (Header, _linesBefore) = (header, linesBefore);

    private CsvRecords(string path, ReadOnlyMemory<byte> text, char? separator)
    {
        _path = path;
        _reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            // Spaces around a field are layout; inside quotes they belong to the value.
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
        });
    }

    /// <summary>The columns' names.</summary>
    internal Name[] Header { get; } = [];

    /// <summary>What separates the fields: given or recognized.</summary>
    internal char Separator => _reader.Separator;

    /// <summary>A column's name.</summary>
    /// <param name="Text">The name; where the header has none, "column 1" for the first, and so on.</param>
    /// <param name="IsMissing">Whether the header has none.</param>
    internal readonly record struct Name(string Text, bool IsMissing);

    /// <summary>The line where the current record begins, counted from 1.</summary>
    internal int Line => _linesBefore + (int)_reader.LineNumber;

    /// <summary>A field of the current record, unquoted, valid until the next <see cref="Read"/>.</summary>
    internal ReadOnlySpan<byte> Field(int column) => column < _reader.FieldCount ? _reader.GetSpan(column) : default;

    /// <summary>The same as a string.</summary>
    internal string Text(int column) => column < _reader.FieldCount ? _reader.GetString(column) : "";

    /// <summary>Advances to the next record; false at the end.</summary>
    internal bool Read()
    {
        if (_isAhead)
        {
            _isAhead = false;
            return true;
        }
        if (!Advance())
            return false;
        if (_reader.FieldCount != Header.Length && !DiffersByLastSeparator())
            throw new DataFormatException($"there are {_reader.FieldCount} fields but the header has {Header.Length}. Add or remove separators, or enclose a text that contains the separator in quotation marks.", _path, Line);
        return true;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Whether only a separator at the end of the line, in the header or in the record, makes the difference.</summary>
    private bool DiffersByLastSeparator() =>
        (_reader.FieldCount == Header.Length + 1 && _reader.GetSpan(Header.Length).IsEmpty) || (_reader.FieldCount == Header.Length - 1 && Header[^1].IsMissing);

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException exception)
        {
            throw new DataFormatException("a quotation mark is out of place or never closed. Enclose a field that contains quotation marks in quotation marks and write each of its own twice.", _path, _linesBefore + (int)exception.LineNumber, innerException: exception);
        }
    }

    private Name[] ReadHeader()
    {
        string[] texts = [.. Enumerable.Range(0, _reader.FieldCount).Select(Text)];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string text in texts.Where(text => text.Length > 0))
        {
            if (!seen.Add(text))
                throw new DataFormatException($"two columns are named '{text}'. Give each column its own name.", _path, Line, text);
        }
        return [.. texts.Select((text, i) => text.Length > 0 ? new Name(text, false) : new Name(Unused(i), true))];

        string Unused(int i)
        {
            string name = $"column {i + 1}";
            while (!seen.Add(name))
                name += "'";
            return name;
        }
    }
}
