namespace MLNetHyper.Engine;

/// <summary>Divides a table's rows as the options say.</summary>
static class RowDivision
{
    /// <param name="table">The table.</param>
    /// <param name="usable">Its rows that have a label and a weight, ascending.</param>
    /// <param name="options">The options.</param>
    /// <param name="classes">The usable rows' classes, or null for regression.</param>
    internal static RowSplit Divide(Table table, int[] usable, DataOptions options, double[]? classes)
    {
        RowSplit split = options.RowOrder is { } counts ? InOrder(table, usable, counts) : AtRandom(table, usable, options, classes);
        if (split.Train.Length < 2 || split.Validation.Length < 1)
            throw TooFew(table, usable.Length, $"{split.Train.Length} for training and {split.Validation.Length} for validation");
        return split;
    }

    private static RowSplit InOrder(Table table, int[] usable, RowCounts counts)
    {
        long total = (long)counts.Train + counts.Validation + counts.Test;
        if (total != table.RowCount)
            throw table.Error($"the row counts {counts.Train} + {counts.Validation} + {counts.Test} make {total}, but there are {table.RowCount} rows. Give counts that add up to the rows.");
        int heldOut = counts.Train + counts.Validation;
        return new RowSplit(
            [.. usable.Where(row => row < counts.Train)],
            [.. usable.Where(row => row >= counts.Train && row < heldOut)],
            [.. usable.Where(row => row >= heldOut)]);
    }

    private static RowSplit AtRandom(Table table, int[] usable, DataOptions options, double[]? classes)
    {
        double testFraction = options.TestTable is null ? options.TestFraction : 0;
        int[] strata = classes is null ? [] : Array.ConvertAll(classes, index => (int)index);
        RowSplit split = ValidationSplit.AtRandom(usable.Length, options.ValidationFraction, testFraction, options.Seed, strata, parts => TooFew(table, usable.Length, parts));
        return new RowSplit(Rows(split.Train), Rows(split.Validation), Rows(split.Test));

        int[] Rows(int[] indices) => Array.ConvertAll(indices, index => usable[index]);
    }

    private static DataFormatException TooFew(Table table, int rows, string parts) =>
        table.Error($"{rows} usable rows give {parts}, but training needs at least 2 and validation 1. Add rows or change the fractions or counts.");
}
