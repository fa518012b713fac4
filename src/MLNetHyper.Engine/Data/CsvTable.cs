namespace MLNetHyper.Engine;

/// <summary>Reads tables from CSV files.</summary>
public static class CsvTable
{
    /// <summary>
    /// Reads a CSV file as RFC 4180 describes it, with a header; other separators than the comma are recognized.
    /// UTF-8 with or without byte order mark, or UTF-16 with one. Spaces around an unquoted field are ignored, and so are blank lines.
    /// </summary>
    /// <remarks>
    /// A cell is missing if it is empty or what pandas, R, Excel, C or SQL write for a missing value, in upper or lower case: <c>NA</c>, <c>N/A</c>, <c>NaN</c>, <c>-nan</c>,
    /// <c>null</c>, <c>&lt;NA&gt;</c>, <c>#N/A</c>, <c>#NA</c>, <c>NaT</c>, <c>1.#QNAN</c>, <c>-1.#IND</c> and their like, or <c>?</c>; among numbers also <c>None</c>.
    /// A column whose other cells are all numbers (decimal point, exponent allowed) is numeric; any other column holds texts.
    /// A column without a name is called "column 1", "column 2" and so on; one that is empty too, which separators at the ends of the lines make, is left out.
    /// </remarks>
    /// <param name="path">The file's path; at most 2 GB.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>The table, with at least one row.</returns>
    /// <exception cref="DataFormatException">
    /// There is no such file, it is not UTF-8, it is empty or has only a header, a column's name occurs twice, a row has another number of fields
    /// than the header, quotation marks do not balance, a number is infinite, a column of <see cref="CsvOptions.NumericColumns"/> holds a text, or a column named in the options does not exist.
    /// </exception>
    /// <exception cref="ArgumentException">The separator is not an ASCII character, or is a quotation mark or line break, or a column is called both numeric and text.</exception>
    public static Table Load(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(path, () => CsvBytes.Content(path), options);
    }

    /// <summary>Reads several CSV files of the same columns as one table, one after the other; errors name the file and the line.</summary>
    /// <param name="paths">The files' paths, at least one.</param>
    /// <param name="options">How to read them, all alike; null for the defaults.</param>
    /// <returns>The table: columns in the order of the first file, one that is of texts in any file of texts.</returns>
    /// <exception cref="DataFormatException">As of one file; or one has other columns than the first.</exception>
    /// <exception cref="ArgumentException">There is no path, or the options do not fit together.</exception>
    public static Table Load(IReadOnlyList<string> paths, CsvOptions? options = null) => Open(paths, options).Load();

    /// <summary>Opens a CSV file of any length, to train on without having all of it in memory: see <see cref="TableSource"/>.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static TableSource Open(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new CsvSource(path, options ?? new CsvOptions());
    }

    /// <summary>Opens several CSV files of the same columns as one table.</summary>
    /// <param name="paths">The files' paths, at least one.</param>
    /// <param name="options">How to read them, all alike; null for the defaults.</param>
    /// <exception cref="DataFormatException">One of the files is not there.</exception>
    /// <exception cref="ArgumentException">There is no path, or the options do not fit together.</exception>
    public static TableSource Open(IReadOnlyList<string> paths, CsvOptions? options = null) => TableFiles.Open(paths, path => Open(path, options));

    /// <summary>The same of a file's bytes, wherever they come from.</summary>
    /// <param name="path">What errors call them.</param>
    /// <param name="content">The bytes, which are asked for once.</param>
    /// <param name="options">How to read them; null for the defaults.</param>
    internal static Table Parse(string path, Func<byte[]> content, CsvOptions? options)
    {
        options ??= new CsvOptions();
        Check(options);
        ReadOnlyMemory<byte> text = CsvBytes.Text(path, content(), options.Encoding);
        return Parse(path, () => new CsvRecords(path, text, options.Separator, options.HasHeader), options, leavesOutNothing: false)
            ?? throw new DataFormatException("there is a header but no data. Add rows, or check that the file was written completely.", path);
    }

    /// <summary>Throws if options do not fit together.</summary>
    internal static void Check(CsvOptions options)
    {
        if (options.Separator is char separator && (!char.IsAscii(separator) || separator is '"' or '\n' or '\r' or '\0'))
            throw new ArgumentException($"The separator must be an ASCII character other than a quotation mark or a line break, but is U+{(int)separator:X4}.", nameof(options));
        if (options.DecimalSeparator is not ('.' or ','))
            throw new ArgumentException($"The decimal separator must be a point or a comma, but is '{options.DecimalSeparator}'.", nameof(options));
    }

    /// <summary>Makes a table of records; null where there are none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">Opens its records, as often as they must be read.</param>
    /// <param name="options">How to read them.</param>
    /// <param name="leavesOutNothing">Whether columns without a name and without values stay.</param>
    internal static Table? Parse(string path, Func<CsvRecords> open, CsvOptions options, bool leavesOutNothing)
    {
        using CsvRecords records = open();
        CsvColumn[] columns = Columns(path, records.Header, options);
        List<int> lines = [];
        while (records.Read())
        {
            for (int i = 0; i < columns.Length; i++)
                columns[i].AddNumber(records, i);
            lines.Add(records.Line);
        }
        if (lines.Count == 0)
            return null;
        foreach (CsvColumn column in columns)
            column.EndNumbers();
        if (columns.Any(column => column.NeedsTexts))
            ReadTexts(open, columns);
        CsvColumn[] used = [.. columns.Where(column => leavesOutNothing || !column.IsNothing)];
        return new Table([.. (used.Length > 0 ? used : columns).Select(column => column.Build())], path, [.. lines]) { Separator = records.Separator };
    }

    private static CsvColumn[] Columns(string path, CsvRecords.Name[] header, CsvOptions options)
    {
        options.CheckColumns([.. header.Select(column => column.Text)], path);
        return [.. header.Select(name => new CsvColumn(path, name, options))];
    }

    // Only a whole column shows that it is numeric. Reading a file with texts twice needs no memory for the numbers' texts.
    private static void ReadTexts(Func<CsvRecords> open, CsvColumn[] columns)
    {
        using CsvRecords records = open();
        while (records.Read())
        {
            for (int i = 0; i < columns.Length; i++)
            {
                if (columns[i].NeedsTexts)
                    columns[i].AddText(records, i);
            }
        }
    }
}
