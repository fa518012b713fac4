namespace MLNetHyper.Engine;

/// <summary>Divides rows into training and validation rows at random, as tables are divided.</summary>
internal static class ValidationSplit
{
    /// <summary>Draws validation rows: the same share of every class, but never a class's last row as long as that can be.</summary>
    /// <param name="rows">Number of rows, at least 3.</param>
    /// <param name="fraction">Share of the rows used for validation, above 0 and below 1; at least one row does.</param>
    /// <param name="seed">The same seed gives the same rows, for ever, and those that a table's rows give without a test fraction.</param>
    /// <param name="classes">Each row's class from 0, without large gaps; empty for a plain random division, as in regression.</param>
    /// <returns>The rows' numbers from 0, each part in ascending order; together all rows.</returns>
    /// <exception cref="ArgumentException">
    /// The fraction lies outside its range, there are not as many classes as rows, a class is negative, or fewer than 2 rows would train.
    /// </exception>
    public static (int[] Training, int[] Validation) Divide(int rows, double fraction, int seed, ReadOnlySpan<int> classes = default)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The share of rows that validate must lie above 0 and below 1.");
        if (!classes.IsEmpty && classes.Length != rows)
            throw new ArgumentException($"{rows} rows need as many classes, but there are {classes.Length}.", nameof(classes));
        foreach (int index in classes)
        {
            if (index < 0)
                throw new ArgumentException($"Classes are numbered from 0, but one is {index}.", nameof(classes));
        }
        RowSplit split = AtRandom(rows, fraction, 0, seed, classes,
            parts => new ArgumentException($"{rows} rows give {parts}, but training needs at least 2 and validation 1. Add rows or change the fraction.", nameof(rows)));
        return (split.Train, split.Validation);
    }

    /// <summary>Draws validation and test rows.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="validationFraction">Share that validates; at least one row unless 0.</param>
    /// <param name="testFraction">Share that tests; at least one row unless 0.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <param name="classes">Each row's class, or empty.</param>
    /// <param name="tooFew">The exception for fewer than 2 training rows; its argument says how many rows each part would have.</param>
    internal static RowSplit AtRandom(int rows, double validationFraction, double testFraction, int seed, ReadOnlySpan<int> classes, Func<string, Exception> tooFew)
    {
        int validation = Share(validationFraction, rows);
        int test = Share(testFraction, rows);
        if (rows - validation - test < 2)
            throw tooFew($"{validation} for validation, {test} for test and {Math.Max(0, rows - validation - test)} for training");
        return RowSplit.Stratified(classes.IsEmpty ? new int[rows] : classes, validation, test, seed);
    }

    /// <summary>A share of the rows, but at least one row of a share that is not zero.</summary>
    private static int Share(double fraction, int rows) => fraction == 0 ? 0 : Math.Max(1, (int)Math.Round(fraction * rows));
}
