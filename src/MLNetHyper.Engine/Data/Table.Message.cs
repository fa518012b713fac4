namespace MLNetHyper.Engine;

public sealed partial class Table
{
    /// <summary>Writes the table for another worker.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write(Columns, column => column.Write(writer));
        writer.WriteText(Source);
        writer.WriteText(Separator?.ToString());
        writer.Write([.. Enumerable.Range(0, RowCount).Select(LineOf)], writer.Write);
        writer.Write(_files ?? [], writer.WriteText);
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    internal static Table Read(BinaryReader reader)
    {
        TableColumn[] columns = reader.ReadArray(1, () => TableColumn.Read(reader));
        string? source = reader.ReadText();
        char? separator = reader.ReadText()?[0];
        int[] lines = reader.ReadArray(sizeof(int), reader.ReadInt32);
        string?[] files = reader.ReadArray(1, reader.ReadText);
        return new(columns, source, lines, files.Length == 0 ? null : files) { Separator = separator };
    }
}
