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

    internal override IEnumerable<TablePiece> Pieces(IReadOnlyCollection<string> texts, TablePart part)
    {
        using FileStream file = ParquetTable.OpenFile(_path);
        ParquetReader reader = ParquetTable.Guarded(_path, () => ParquetReader.CreateAsync(file, ParquetTable.Options, leaveStreamOpen: true));
        try
        {
            DataField[] fields = ParquetTable.Fields(_path, reader.Schema);
            _options.CheckColumns([.. fields.Select(field => field.Name)], _path);
            // Row groups that others have are not read where there are enough for all.
            bool inGroups = reader.RowGroupCount >= part.Readers;
            int before = 0, number = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                int rows = checked((int)reader.RowGroups[group].RowCount);
                bool isRead = !inGroups || group == 0 || part.Has(group);
                Table? table = isRead ? Read(reader, group, fields, before) : null;
                for (int start = 0; start < rows; start += MostRows, number++)
                {
                    bool isOwn = part.Has(inGroups ? group : number);
                    if (isOwn || number == 0)
                        yield return new(table!.Select([.. Enumerable.Range(start, Math.Min(MostRows, rows - start))]), number, isOwn);
                }
                before += rows;
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
