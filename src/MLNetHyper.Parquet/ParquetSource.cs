using Parquet;
using Parquet.Schema;

namespace MLNetHyper.Engine;

/// <summary>A Parquet file of any length, of which one row group is in memory at a time.</summary>
internal sealed class ParquetSource : TableSource
{
    // Row groups may be of a million rows, which encoding would copy.
    private const int MostRows = 1 << 16;

    private readonly string _path;
    private readonly CsvOptions _options;

    internal ParquetSource(string path, CsvOptions options) : base(path)
    {
        (_path, _options) = (path, options);
        using FileStream file = ParquetTable.OpenFile(path);
        MemoryNeeded = ParquetTable.Guarded(path, async () =>
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(file, ParquetTable.Options, leaveStreamOpen: true).ConfigureAwait(false);
            return reader.RowGroups.Sum(group => group.RowCount) * ParquetTable.Fields(path, reader.Schema).Length * MemoryPerCell;
        });
    }

    internal override long MemoryNeeded { get; }

    public override Table Load() => ParquetTable.Load(_path, _options);

    internal override IEnumerable<Table> Pieces(IReadOnlyCollection<string> texts)
    {
        using FileStream file = ParquetTable.OpenFile(_path);
        ParquetReader reader = ParquetTable.Guarded(_path, () => ParquetReader.CreateAsync(file, ParquetTable.Options, leaveStreamOpen: true));
        try
        {
            DataField[] fields = ParquetTable.Fields(_path, reader.Schema);
            _options.CheckColumns([.. fields.Select(field => field.Name)], _path);
            int before = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                Table table = Read(reader, group, fields, before);
                for (int start = 0; start < table.RowCount; start += MostRows)
                    yield return table.Select([.. Enumerable.Range(start, Math.Min(MostRows, table.RowCount - start))]);
                before += table.RowCount;
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private Table Read(ParquetReader reader, int group, DataField[] fields, int before)
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        List<TableColumn> columns = [];
        foreach (DataField field in fields)
        {
            // Built at once: the list that it was collected in is as large.
            ValueColumn column = ParquetTable.ColumnOf(field);
            ParquetTable.Guarded(_path, async () =>
            {
                await ParquetTable.Add(rows, field, column).ConfigureAwait(false);
                return 0;
            });
            columns.Add(column.Build(_options, (text, row) => new DataFormatException(Cell.NotANumber(text), _path, before + row + 1, field.Name)));
        }
        int count = columns[0].Count;
        return new Table(columns, _path, [.. Enumerable.Range(before + 1, count)]);
    }
}
