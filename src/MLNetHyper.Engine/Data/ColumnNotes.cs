namespace MLNetHyper.Engine;

/// <summary>What a column's reader saw and its values no longer show.</summary>
/// <param name="IsUnnamed">Whether the header has no name for it.</param>
/// <param name="MissingWords">The words that were taken as missing.</param>
/// <param name="Codes">Numbers with leading zeros or more than 15 digits; null if there are none.</param>
/// <param name="TypographicMinus">Numbers with the minus sign U+2212; null if there are none.</param>
sealed record ColumnNotes(bool IsUnnamed, IReadOnlyList<CellNote> MissingWords, CellNote? Codes, CellNote? TypographicMinus)
{
    internal static ColumnNotes None { get; } = new(false, [], null, null);
}

/// <summary>Cells of one kind.</summary>
/// <param name="Text">The first one's text.</param>
/// <param name="Line">The first one's line.</param>
/// <param name="Count">How many there are.</param>
sealed record CellNote(string Text, int Line, int Count)
{
    /// <summary>The note with one more cell, or a new one.</summary>
    internal static CellNote Add(CellNote? note, CsvRecords records, int index) =>
        note is null ? new CellNote(records.Text(index), records.Line, 1) : note with { Count = note.Count + 1 };
}
