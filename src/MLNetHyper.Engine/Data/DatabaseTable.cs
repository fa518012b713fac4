using System.Data.Common;

namespace MLNetHyper.Engine;

/// <summary>Reads tables from databases.</summary>
public static class DatabaseTable
{
    /// <summary>Reads all rows of a query's result, by whichever provider of ADO.NET.</summary>
    /// <remarks>
    /// Numbers of every kind become numbers, times of day and durations hours; texts, characters and identifiers become texts, truth values the texts <c>true</c> and <c>false</c>.
    /// A column of dates becomes year, month, day, weekday and hour, as if <see cref="DataOptions.DateColumns"/> named it. NULL, NaN and empty texts are missing.
    /// A column that has both numbers and texts, as SQLite allows, is of texts.
    /// </remarks>
    /// <param name="reader">The result, before its first row; it is read to its end, and stays the caller's to dispose of.</param>
    /// <param name="options">Which columns must be numbers and which are meant as texts, by <see cref="CsvOptions.NumericColumns"/> and <see cref="CsvOptions.TextColumns"/>; null for the defaults. The other options are those of files.</param>
    /// <returns>The table, with at least one row.</returns>
    /// <exception cref="DataFormatException">There is no row or no column, two columns have the same name, a column holds bytes or other things that are neither number, text nor date, or a column named in the options does not exist or holds what it must not.</exception>
    /// <exception cref="DbException">The database fails.</exception>
    public static Table Load(DbDataReader reader, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        options ??= new CsvOptions();
        string[] names = Names(reader);
        options.CheckColumns(names, source: null);
        ValueColumn[] columns = [.. names.Select((name, i) => new ValueColumn(name, ValueColumn.IsText(reader.GetFieldType(i))))];
        int rows = 0;
        for (; reader.Read(); rows++)
        {
            for (int i = 0; i < columns.Length; i++)
            {
                object value = reader.GetValue(i);
                if (!columns[i].TryAdd(value))
                    throw new DataFormatException($"there is a {value.GetType().Name}, which is neither number, text nor date. Leave the column out of the query, or cast it there.", null, rows + 1, names[i]);
            }
        }
        if (rows == 0)
            throw new DataFormatException("the query gave no rows. Check its conditions.");
        return new Table([.. columns.Select((column, i) => column.Build(options, (text, row) => new DataFormatException(Cell.NotANumber(text), null, row + 1, names[i])))]);
    }

    private static string[] Names(DbDataReader reader)
    {
        if (reader.FieldCount == 0)
            throw new DataFormatException("the query gave no columns. It must be one that selects.");
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetName(i) is { Length: > 0 } name ? name : $"column {i + 1}")];
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new DataFormatException($"two columns are named '{twice.Key}'. Give each its own name in the query, with AS.", column: twice.Key)
            : names;
    }
}
