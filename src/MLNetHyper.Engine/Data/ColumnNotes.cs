namespace MLNetHyper.Engine;

/// <summary>What a column's reader saw and its values no longer show.</summary>
/// <param name="IsUnnamed">Whether the header has no name for it.</param>
/// <param name="MissingWords">The words that were taken as missing.</param>
/// <param name="Codes">Numbers with leading zeros or more than 15 digits; null if there are none.</param>
/// <param name="TypographicMinus">Numbers with the minus sign U+2212; null if there are none.</param>
sealed record ColumnNotes(bool IsUnnamed, IReadOnlyList<CellNote> MissingWords, CellNote? Codes, CellNote? TypographicMinus)
{
    internal static ColumnNotes None { get; } = new(false, [], null, null);

    /// <summary>Those of one column in several tables.</summary>
    internal static ColumnNotes Join(IReadOnlyList<ColumnNotes> notes) => new(
        notes.All(note => note.IsUnnamed),
        [.. notes.SelectMany(note => note.MissingWords).GroupBy(word => word.Text, StringComparer.Ordinal).Select(words => CellNote.Join(words)!)],
        CellNote.Join(notes.Select(note => note.Codes).OfType<CellNote>()),
        CellNote.Join(notes.Select(note => note.TypographicMinus).OfType<CellNote>()));

    /// <summary>The same, of which it is said in which of several files they are.</summary>
    internal ColumnNotes In(string? file) => this with { MissingWords = [.. MissingWords.Select(word => word.In(file))], Codes = Codes?.In(file), TypographicMinus = TypographicMinus?.In(file) };

    internal void Write(BinaryWriter writer)
    {
        writer.Write(IsUnnamed);
        foreach (IReadOnlyCollection<CellNote> notes in new[] { MissingWords, Some(Codes), Some(TypographicMinus) })
            writer.Write(notes, note => note.Write(writer));

        static CellNote[] Some(CellNote? note) => note is null ? [] : [note];
    }

    internal static ColumnNotes Read(BinaryReader reader)
    {
        bool isUnnamed = reader.ReadBoolean();
        return new(isUnnamed, Notes(), Notes().SingleOrDefault(), Notes().SingleOrDefault());

        CellNote[] Notes() => reader.ReadArray(1, () => CellNote.Read(reader));
    }
}

/// <summary>Cells of one kind.</summary>
/// <param name="Text">The first one's text.</param>
/// <param name="Line">The first one's line.</param>
/// <param name="Count">How many there are.</param>
sealed record CellNote(string Text, int Line, int Count)
{
    /// <summary>The first one's file, where there are several.</summary>
    private string? File { get; init; }

    /// <summary>Where the first one is.</summary>
    internal string Place => File is null ? $"line {Line}" : $"line {Line} of {File}";

    internal CellNote In(string? file) => this with { File = File ?? file };

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Text);
        writer.Write(Line);
        writer.Write(Count);
        writer.WriteText(File);
    }

    internal static CellNote Read(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32(), reader.ReadInt32()) { File = reader.ReadText() };

    /// <summary>All of them, by the place of the first; null for none.</summary>
    internal static CellNote? Join(IEnumerable<CellNote> notes) => notes.FirstOrDefault() is { } first ? first with { Count = notes.Sum(note => note.Count) } : null;

    /// <summary>The note with one more cell, or a new one.</summary>
    internal static CellNote Add(CellNote? note, CsvRecords records, int index) =>
        note is null ? new CellNote(records.Text(index), records.Line, 1) : note with { Count = note.Count + 1 };
}
