using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace MLNetHyper.Engine;

/// <summary>Reads tables from Parquet files.</summary>
public static class ParquetTable
{
    internal static ParquetOptions Options { get; } = new() { TreatByteArrayAsString = true };

    /// <summary>Reads a whole file.</summary>
    /// <remarks>
    /// Numbers of every kind become numbers, times of day hours; texts become texts, truth values the texts <c>true</c> and <c>false</c>. A column of dates becomes year, month, day, weekday
    /// and hour, as if <see cref="DataOptions.DateColumns"/> named it. Null, NaN and empty texts are missing.
    /// </remarks>
    /// <param name="path">The file's path.</param>
    /// <param name="options">Which columns must be numbers and which are meant as texts, by <see cref="CsvOptions.NumericColumns"/> and <see cref="CsvOptions.TextColumns"/>; null for the defaults. The other options are those of CSV files.</param>
    /// <returns>The table, with at least one row; errors call the first row line 1.</returns>
    /// <exception cref="DataFormatException">There is no such file, it is damaged or no Parquet file, it has no rows, a column holds lists, structures or maps, or a column named in the options does not exist or holds what it must not.</exception>
    public static Table Load(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = OpenFile(path);
        return Read(path, file, options ?? new CsvOptions());
    }

    /// <summary>Reads several files of the same columns as one table, one after the other; errors name the file and the line.</summary>
    /// <param name="paths">The files' paths, at least one.</param>
    /// <param name="options">As for one file.</param>
    /// <exception cref="DataFormatException">As of one file; or one has other columns than the first, or one of texts where another has numbers.</exception>
    /// <exception cref="ArgumentException">There is no path.</exception>
    public static Table Load(IReadOnlyList<string> paths, CsvOptions? options = null) => Open(paths, options).Load();

    /// <summary>Opens a file of any length, to train on without having all of it in memory: see <see cref="TableSource"/>. A row group has to fit.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">As for <see cref="Load(string, CsvOptions?)"/>.</param>
    /// <exception cref="DataFormatException">There is no such file, it is damaged or no Parquet file, or a column holds lists, structures or maps.</exception>
    public static TableSource Open(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ParquetSource(path, options ?? new CsvOptions());
    }

    /// <summary>Opens several files of the same columns as one table.</summary>
    /// <param name="paths">The files' paths, at least one.</param>
    /// <param name="options">As for one file.</param>
    /// <exception cref="DataFormatException">One of the files is not there or damaged.</exception>
    /// <exception cref="ArgumentException">There is no path.</exception>
    public static TableSource Open(IReadOnlyList<string> paths, CsvOptions? options = null) => TableFiles.Open(paths, path => Open(path, options));

    /// <summary>Whether a file begins as Parquet files do.</summary>
    internal static bool Is(ReadOnlySpan<byte> beginning) => beginning.StartsWith("PAR1"u8);

    /// <summary>Reads a whole file from a stream that can seek.</summary>
    internal static Table Read(string name, Stream stream, CsvOptions options)
    {
        ValueColumn[] columns = [];
        DataField[] fields = [];
        Guarded(name, async () =>
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(stream, Options, leaveStreamOpen: true).ConfigureAwait(false);
            fields = Fields(name, reader.Schema);
            options.CheckColumns([.. fields.Select(field => field.Name)], name);
            columns = Array.ConvertAll(fields, ColumnOf);
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                for (int i = 0; i < fields.Length; i++)
                    await Add(rows, fields[i], columns[i]).ConfigureAwait(false);
            }
            return fields.Length;
        });
        Table table = new([.. columns.Select((column, i) => column.Build(options, (text, row) => new DataFormatException(Cell.NotANumber(text), name, row + 1, fields[i].Name)))], name, lines: null);
        return table.RowCount > 0 ? table : throw new DataFormatException("there are columns but no rows. Check that the file was written completely.", name);
    }

    internal static FileStream OpenFile(string path) => TableFile.Open(path, "a Parquet file", File.OpenRead);

    internal static ValueColumn ColumnOf(DataField field) => new(field.Name, ValueColumn.IsText(TypeOf(field)));

    /// <summary>The columns.</summary>
    /// <exception cref="DataFormatException">One is none of a table.</exception>
    internal static DataField[] Fields(string name, ParquetSchema schema)
    {
        if (schema.Fields.FirstOrDefault(field => field is not DataField { IsArray: false }) is { } nested)
            throw new DataFormatException("the column holds lists, structures or maps, which cannot be features. Write the file without it, or with a column for each of its parts.", name, column: nested.Name);
        DataField[] fields = schema.DataFields;
        return fields.Length > 0 ? fields : throw new DataFormatException("there are no columns. Check that the file was written completely.", name);
    }

    private static Type TypeOf(DataField field) => field.ClrType == typeof(ReadOnlyMemory<char>) ? typeof(string) : field.ClrType;

    /// <summary>Adds a column of a row group.</summary>
    internal static Task Add(ParquetRowGroupReader rows, DataField field, ValueColumn column) => Type.GetTypeCode(TypeOf(field)) switch
    {
        TypeCode.Double => AddNumbers<double>(rows, field, column),
        TypeCode.Single => AddNumbers<float>(rows, field, column),
        TypeCode.Int64 => AddNumbers<long>(rows, field, column),
        TypeCode.Int32 => AddNumbers<int>(rows, field, column),
        TypeCode.Int16 => AddNumbers<short>(rows, field, column),
        TypeCode.SByte => AddNumbers<sbyte>(rows, field, column),
        TypeCode.UInt64 => AddNumbers<ulong>(rows, field, column),
        TypeCode.UInt32 => AddNumbers<uint>(rows, field, column),
        TypeCode.UInt16 => AddNumbers<ushort>(rows, field, column),
        TypeCode.Byte => AddNumbers<byte>(rows, field, column),
        TypeCode.Decimal => AddNumbers<decimal>(rows, field, column),
        TypeCode.Boolean => AddValues<bool>(rows, field, column),
        TypeCode.DateTime => AddValues<DateTime>(rows, field, column),
        TypeCode.String => AddTexts(rows, field, column),
        _ when field.ClrType == typeof(DateOnly) => AddValues<DateOnly>(rows, field, column),
        _ when field.ClrType == typeof(TimeOnly) => AddValues<TimeOnly>(rows, field, column),
        _ when field.ClrType == typeof(TimeSpan) => AddValues<TimeSpan>(rows, field, column),
        _ when field.ClrType == typeof(Guid) => AddValues<Guid>(rows, field, column),
        _ => throw new DataFormatException($"the column holds values of the kind {field.ClrType.Name}, which are neither numbers, texts nor dates. Write the file without it.", null, column: field.Name),
    };

    private static async Task AddNumbers<T>(ParquetRowGroupReader rows, DataField field, ValueColumn column) where T : struct, INumber<T>
    {
        if (field.IsNullable)
        {
            T?[] values = new T?[rows.RowCount];
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            foreach (T? value in values)
                column.AddNumber(value is { } number ? double.CreateTruncating(number) : double.NaN);
        }
        else
        {
            T[] values = new T[rows.RowCount];
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            foreach (T value in values)
                column.AddNumber(double.CreateTruncating(value));
        }
    }

    private static async Task AddValues<T>(ParquetRowGroupReader rows, DataField field, ValueColumn column) where T : struct
    {
        T?[] values = new T?[rows.RowCount];
        if (field.IsNullable)
        {
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
        }
        else
        {
            T[] present = new T[rows.RowCount];
            await rows.ReadAsync<T>(field, present.AsMemory()).ConfigureAwait(false);
            for (int row = 0; row < present.Length; row++)
                values[row] = present[row];
        }
        foreach (T? value in values)
            column.TryAdd(value);
    }

    private static async Task AddTexts(ParquetRowGroupReader rows, DataField field, ValueColumn column)
    {
        string?[] values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()!).ConfigureAwait(false);
        foreach (string? value in values)
            column.TryAdd(value);
    }

    /// <summary>The library says in many ways that a file is damaged.</summary>
    internal static TResult Guarded<TResult>(string name, Func<Task<TResult>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (DataFormatException exception) when (exception.File is null)
        {
            throw new DataFormatException(exception.Problem, name, column: exception.Column);
        }
        catch (Exception exception) when (exception is not (DataFormatException or OutOfMemoryException or OperationCanceledException))
        {
            throw new DataFormatException($"this is not a Parquet file, or it is damaged: {exception.Message} Write it again.", name, innerException: exception);
        }
    }
}
