namespace MLNetHyper.Reports;

/// <summary>One number a reader should take home, shown large.</summary>
/// <param name="Label">What it is, such as "Test error".</param>
/// <param name="Value">The formatted value; see <see cref="CompactNumber"/>.</param>
/// <param name="Note">A remark beneath it, such as the unit or what it is compared with.</param>
public sealed record KeyFigure(string Label, string Value, string? Note = null);
