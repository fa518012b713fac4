namespace MLNetHyper.Engine;

public sealed partial class TableColumn
{
    internal void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(IsNumeric);
        if (IsNumeric)
            writer.Write(_numbers!, writer.Write);
        else
            writer.Write(_texts!, writer.WriteText);
        writer.Write(MeantAsText);
        writer.Write(AreDates);
        writer.Write(Spellings is not null);
        if (Spellings is not null)
            writer.Write(Spellings, writer.WriteText);
        Notes.Write(writer);
    }

    internal static TableColumn Read(BinaryReader reader)
    {
        string name = reader.ReadString();
        bool isNumeric = reader.ReadBoolean();
        return new(name, isNumeric ? reader.ReadArray(sizeof(double), reader.ReadDouble) : null, isNumeric ? null : reader.ReadArray(1, reader.ReadText))
        {
            MeantAsText = reader.ReadBoolean(),
            AreDates = reader.ReadBoolean(),
            Spellings = reader.ReadBoolean() ? reader.ReadArray(1, reader.ReadText) : null,
            Notes = ColumnNotes.Read(reader),
        };
    }
}
