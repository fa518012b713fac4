using CsvHelper;

namespace MLNetHyper.Engine;

/// <summary>The records of a CSV file, one after the other, all with as many fields as the header.</summary>
sealed class CsvRecords : IDisposable
{
    private readonly CsvReader _reader;
    private readonly string _path;

    /// <summary>Opens the file's text and reads the header.</summary>
    internal CsvRecords(string path, ReadOnlyMemory<byte> text, char? separator)
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
        if (!Advance())
            throw new DataFormatException("the file is empty. The first line must name the columns, and data must follow.", path);
        Header = ReadHeader();
    }

    /// <summary>The columns' names.</summary>
    internal string[] Header { get; }

    /// <summary>The line where the current record begins, counted from 1.</summary>
    internal int Line => (int)_reader.LineNumber;

    /// <summary>A field of the current record, unquoted, valid until the next <see cref="Read"/>.</summary>
    internal ReadOnlySpan<byte> Field(int column) => _reader.GetSpan(column);

    /// <summary>The same as a string.</summary>
    internal string Text(int column) => _reader.GetString(column);

    /// <summary>Advances to the next record; false at the end.</summary>
    internal bool Read()
    {
        if (!Advance())
            return false;
        if (_reader.FieldCount != Header.Length)
            throw new DataFormatException($"there are {_reader.FieldCount} fields where the header has {Header.Length}. Add or remove separators, or enclose a text that contains the separator in quotation marks.", _path, Line);
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException exception)
        {
            throw new DataFormatException("a quotation mark is out of place or never closed. Enclose a field that contains quotation marks in quotation marks and write each of its own twice.", _path, (int)exception.LineNumber, innerException: exception);
        }
    }

    private string[] ReadHeader()
    {
        string[] header = new string[_reader.FieldCount];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < header.Length; i++)
        {
            header[i] = Text(i);
            if (header[i].Length == 0)
                throw new DataFormatException($"column {i + 1} of {header.Length} has no name in the header. Name it, or remove the separator that makes it a column.", _path, Line);
            if (!seen.Add(header[i]))
                throw new DataFormatException($"two columns are named '{header[i]}'. Give each column its own name.", _path, Line, header[i]);
        }
        return header;
    }
}
