using System.Text;

namespace MLNetHyper.Engine;

/// <summary>A CSV file of any length, cut between records into pieces, of which several are parsed at a time.</summary>
sealed class CsvSource : TableSource
{
    private const int MostAtATime = 4;

    private const int BeginningBytes = 1 << 16;

    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly int _pieceBytes;

    /// <param name="path">The file.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="pieceBytes">How many bytes are parsed at once, about.</param>
    internal CsvSource(string path, CsvOptions options, int pieceBytes = 1 << 23) : base(path)
    {
        CsvTable.Check(options);
        (_path, _options, _pieceBytes) = (path, options, pieceBytes);
        long length = TableFile.Open(path, "a CSV file", LengthOf);
        // A longer file cannot be read at once.
        MemoryNeeded = length == 0 ? 0 : length > Array.MaxLength ? long.MaxValue : length + (long)(length * CellsPerByte() * MemoryPerCell);
    }

    internal override long MemoryNeeded { get; }

    public override Table Load() => CsvTable.Load(_path, _options);

    internal override IEnumerable<TablePiece> Pieces(IReadOnlyCollection<string> texts, TablePart part)
    {
        CsvOptions first = _options with { KnownTexts = texts };
        using Stream stream = Open();
        using IEnumerator<Piece> pieces = new Cutting(_path, stream, _pieceBytes).Pieces().GetEnumerator();
        if (!pieces.MoveNext())
            throw new DataFormatException("the file is empty. The first line must name the columns, and data must follow.", _path);
        CsvRecords.Name[] header;
        char separator;
        using (CsvRecords beginning = Begin(pieces.Current))
            (header, separator) = (beginning.Header, beginning.Separator);
        if (CsvTable.Parse(_path, () => Begin(pieces.Current), first, leavesOutNothing: true) is not { } table)
            throw new DataFormatException("there is a header but no data. Add rows, or check that the file was written completely.", _path);
        yield return new(table, 0, part.Has(0));

        CsvOptions later = first with { KnownTexts = [.. texts.Union(table.Columns.Where(column => !column.IsNumeric).Select(column => column.Name))], AllowsAbsentColumns = true };
        Queue<(Task<Table?> Rows, int Number)> parsed = [];
        int number = 0, atATime = Math.Min(Environment.ProcessorCount, MostAtATime);
        while (true)
        {
            while (parsed.Count < atATime && pieces.MoveNext())
            {
                Piece piece = pieces.Current;
                if (part.Has(++number))
                    parsed.Enqueue((Task.Run(() => CsvTable.Parse(_path, () => new CsvRecords(_path, Checked(piece), separator, header, piece.LinesBefore), later, leavesOutNothing: true)), number));
            }
            if (!parsed.TryDequeue(out (Task<Table?> Rows, int Number) next))
                yield break;
            if (next.Rows.GetAwaiter().GetResult() is { } rows)
                yield return new(rows, next.Number, true);
        }
    }

    /// <summary>0 of a pipe, which is read once and has no length.</summary>
    private static long LengthOf(string path)
    {
        if (new FileInfo(path).Length == 0)
            return 0;
        using FileStream file = File.OpenRead(path);
        return file.CanSeek ? file.Length : 0;
    }

    /// <summary>As far as the beginning tells.</summary>
    private double CellsPerByte()
    {
        using Stream stream = Open();
        byte[] beginning = new byte[BeginningBytes];
        int length = 0, cells = 0;
        try
        {
            length = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
            using var records = new CsvRecords(_path, beginning.AsMemory(0, length), _options.Separator, _options.HasHeader);
            for (cells = records.Header.Length; records.Read(); cells += records.Header.Length)
            {
            }
        }
        catch (Exception exception) when (exception is DataFormatException or DecoderFallbackException)
        {
            // The beginning may end within a record, and who reads the whole says what is wrong with it.
        }
        return length == 0 ? 0 : (double)cells / length;
    }

    private CsvRecords Begin(Piece piece) => new(_path, Checked(piece), _options.Separator, _options.HasHeader);

    private ReadOnlyMemory<byte> Checked(Piece piece)
    {
        CsvBytes.Check(_path, piece.Text.Span, piece.LinesBefore);
        return piece.Text;
    }

    private Stream Open()
    {
        FileStream file = TableFile.Open(_path, "a CSV file", path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
        Span<byte> beginning = stackalloc byte[3];
        int count = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        (Encoding? encoding, int mark) = beginning[..count] switch
        {
            [0xEF, 0xBB, 0xBF] => (_options.Encoding, _options.Encoding is null ? 3 : 0),
            [0xFF, 0xFE, ..] => (_options.Encoding ?? new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), _options.Encoding is null ? 2 : 0),
            [0xFE, 0xFF, ..] => (_options.Encoding ?? new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), _options.Encoding is null ? 2 : 0),
            _ => (_options.Encoding, 0),
        };
        file.Position = mark;
        if (encoding is null)
            return file;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return Encoding.CreateTranscodingStream(file, strict, Encoding.UTF8);
    }

    /// <summary>A part of the file that begins and ends between records.</summary>
    private readonly record struct Piece(ReadOnlyMemory<byte> Text, int LinesBefore);

    /// <summary>Cuts a stream behind line breaks that are not inside quotation marks.</summary>
    private sealed class Cutting(string path, Stream stream, int pieceBytes)
    {
        internal IEnumerable<Piece> Pieces()
        {
            byte[] rest = [];
            int lines = 0;
            bool begins = true;
            for (bool more = true; more;)
            {
                // A record longer than a piece makes the piece longer.
                byte[] buffer = new byte[Math.Max(pieceBytes, Math.Min(Array.MaxLength, 2L * rest.Length))];
                rest.CopyTo(buffer, 0);
                int length = rest.Length + Fill(buffer.AsSpan(rest.Length));
                more = length == buffer.Length;
                int end = more ? LastBreak(buffer.AsSpan(0, length)) : length;
                rest = buffer[end..length];
                // Transcoding leaves the mark.
                int start = begins && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
                if (end <= start)
                    continue;
                begins = false;
                yield return new(buffer.AsMemory(start, end - start), lines);
                lines += buffer.AsSpan(0, end).Count((byte)'\n');
            }
        }

        private int Fill(Span<byte> buffer)
        {
            try
            {
                return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            }
            catch (DecoderFallbackException exception)
            {
                throw new DataFormatException("some bytes are not valid in the file's encoding. Name another encoding in CsvOptions.Encoding.", path, innerException: exception);
            }
        }

        /// <summary>Behind the last line break outside quotation marks; 0 where there is none. Old Macintosh files have carriage returns alone.</summary>
        private static int LastBreak(ReadOnlySpan<byte> text)
        {
            byte last = text.Contains((byte)'\n') ? (byte)'\n' : (byte)'\r';
            bool isInside = int.IsOddInteger(text.Count((byte)'"'));
            for (int end = text.Length; ;)
            {
                int at = text[..end].LastIndexOf(last);
                if (at < 0)
                    return 0;
                isInside ^= int.IsOddInteger(text[at..end].Count((byte)'"'));
                if (!isInside)
                    return at + 1;
                end = at;
            }
        }
    }
}
