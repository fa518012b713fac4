namespace MLNetHyper.Engine;

/// <summary>Tells categories from numbers that a few cells have spoilt.</summary>
static class TextQuality
{
    /// <summary>From this share of numbers on, a text column is taken for numbers with mistakes among them.</summary>
    private const double NumberLikeShare = 0.95;

    /// <summary>Throws if most of a text column's cells are numbers, naming the first that is not.</summary>
    internal static void RejectNumberLike(Table table, TableColumn column, string otherwise = "")
    {
        if (SpoiltNumbers(table, column) is string spoilt)
            throw table.Error($"the column {spoilt}: fix or drop it with --drop / IgnoredColumns.{otherwise}", column: column.Name);
    }

    /// <summary>"looks like numbers except 'abc' in line 17", or null for a column of categories.</summary>
    internal static string? SpoiltNumbers(Table table, TableColumn column)
    {
        int present = 0, numbers = 0, decimalCommas = 0;
        int firstText = -1;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Texts[row] is not string text)
                continue;
            present++;
            if (Cell.TryNumber(text, out _))
            {
                numbers++;
                continue;
            }
            if (firstText < 0)
                firstText = row;
            if (text.Contains(',') && Cell.TryNumber(text.Replace(',', '.'), out _))
                decimalCommas++;
        }
        if (firstText < 0 || numbers + decimalCommas < NumberLikeShare * present)
            return null;
        string shown = $"'{Cell.Shown(column.Texts[firstText]!)}' in {(table.Source is null ? "row" : "line")} {table.LineOf(firstText)}";
        return decimalCommas > 0 && numbers + decimalCommas == present
            ? $"looks like numbers with decimal commas, such as {shown}; write decimal points"
            : $"looks like numbers except {shown}";
    }

    /// <summary>The first cell that is no number, for a column that must hold numbers.</summary>
    internal static DataFormatException NotNumeric(Table table, TableColumn column)
    {
        int row = 0;
        while (column.Texts[row] is not string text || Cell.TryNumber(text, out _))
        {
            if (++row == column.Count)
                return table.Error("the column holds texts where numbers are needed. Load it as numbers with CsvOptions.NumericColumns.", column: column.Name);
        }
        return table.Error(Cell.NotANumber(column.Texts[row]!), row, column.Name);
    }
}
