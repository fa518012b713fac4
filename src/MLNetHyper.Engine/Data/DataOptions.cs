namespace MLNetHyper.Engine;

/// <summary>How a table becomes training, validation and test examples.</summary>
/// <remarks>
/// The rows are divided in one of two ways: at random (the default; the same share of every class) by <see cref="ValidationFraction"/> and <see cref="TestFraction"/>,
/// or in file order by <see cref="RowOrder"/>. With a <see cref="TestTable"/> the table itself is divided into training and validation rows only.
/// </remarks>
public sealed record DataOptions
{
    /// <summary>Default share of the rows that validate.</summary>
    public const double DefaultValidationFraction = 0.1;

    /// <summary>Default number of features that share the texts of a column with very many.</summary>
    internal const int DefaultCategoryBuckets = 256;

    /// <summary>The least memory that a table's rows can pass through.</summary>
    internal const long LeastMemory = 1 << 20;

    /// <summary>More would make networks of gigabytes.</summary>
    internal const int MostCategoryBuckets = 1 << 16;

    /// <summary>Default share of the rows that test.</summary>
    public const double DefaultTestFraction = 0.1;

    /// <summary>The column to predict.</summary>
    public required string LabelColumn { get; init; }

    /// <summary>What is predicted; null (default) to infer it from the label: see <see cref="DataPreparation.InferTask"/>.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>Columns that are not features, such as names and row numbers. Default: none.</summary>
    public IReadOnlyCollection<string> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// Columns of dates and times, written like 2024-06-01, 1.6.2024, 6/1/2024 or 1 Jun 2024, with or without a time: each becomes the numbers year, month, day, weekday (Monday is 0) and hour, those that vary. Where
    /// slashes or hyphens leave it open the month comes first, unless some day would then be no month. Default: none; a column of dates that is not named here is one of categories.
    /// </summary>
    public IReadOnlyCollection<string> DateColumns { get; init; } = [];

    /// <summary>A column with the weight of each example, from 0 to 1e30; null (default) for equal weights. Rows without a weight are skipped. Means and deviations do not look at weights, nor do the reported <see cref="Metrics"/>.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>
    /// Whether training and validation losses give all classes the same weight, so that a rare one is not neglected: each row of a class counts by <c>rows / (classes × rows of the class)</c> of the training rows,
    /// times its own weight. Probabilities are then those of a world where all classes are equally frequent. Default false; for classification.
    /// </summary>
    public bool BalanceClasses { get; init; }

    /// <summary>Share of the rows used for validation, above 0 and below 1; default <see cref="DefaultValidationFraction"/>. Tuning needs at least one such row.</summary>
    public double ValidationFraction { get; init; } = DefaultValidationFraction;

    /// <summary>Share of the rows used for testing, from 0 to below 1; default <see cref="DefaultTestFraction"/>. Not used with <see cref="TestTable"/>.</summary>
    public double TestFraction { get; init; } = DefaultTestFraction;

    /// <summary>Test rows from elsewhere, with the same columns; null (default) for none.</summary>
    public Table? TestTable { get; init; }

    /// <summary>How many rows train, validate and test, in file order; together all rows. Null (default) to divide at random.</summary>
    internal RowCounts? RowOrder { get; init; }

    /// <summary>Which rows means and deviations are taken from. Default: <see cref="StatisticsRows.Train"/>.</summary>
    internal StatisticsRows StatisticsFrom { get; init; } = StatisticsRows.Train;

    /// <summary>Up to how many different texts of a column get a feature each, at least 1; default 100. If there are more and they recur, they share <see cref="CategoryBuckets"/> features.</summary>
    public int MaximumCategories { get; init; } = FeatureEncoder.DefaultMaximumCategories;

    /// <summary>
    /// How many features share the texts of a column that has more than <see cref="MaximumCategories"/>, from 1 to 65536; default 256. Texts are dealt to them by frequency, so that no two of the most frequent ones share a feature.
    /// 0 refuses such a column. In memory a row holds one number for it, whatever this is; the network's first layer, and the time that it takes, grow with it.
    /// </summary>
    public int CategoryBuckets { get; init; } = DefaultCategoryBuckets;

    /// <summary>Text columns whose texts share <see cref="CategoryBuckets"/> features however many there are, even if they hardly recur, like names and sentences. Default: none.</summary>
    public IReadOnlyCollection<string> BucketColumns { get; init; } = [];

    /// <summary>
    /// About how many bytes of memory a table given as a <see cref="TableSource"/> may take, at least 2^20. One that needs more stays in its file: training rows are read from a temporary file in the system's folder for such files, which is deleted
    /// in any case, and statistics are taken from a random sample. Null (default): three quarters of what the process may use.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The same with the default.</summary>
    internal long Memory => MemoryLimit ?? DefaultMemory;

    internal static long DefaultMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>Seed of the random division; the same seed gives the same rows on every machine. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Throws if an option lies outside its range.</summary>
    internal void Check()
    {
        if (ValidationFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(ValidationFraction), ValidationFraction, "The fraction must lie between 0 and 1, both excluded.");
        if (TestFraction is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(TestFraction), TestFraction, "The fraction must be at least 0 and below 1.");
        if (RowOrder is { } counts && (counts.Train < 2 || counts.Validation < 1 || counts.Test < 0))
            throw new ArgumentOutOfRangeException(nameof(RowOrder), counts, "The counts must be at least 2 training rows, 1 validation row and 0 test rows.");
        if (RowOrder is { Test: > 0 } && TestTable is not null)
            throw new ArgumentException("There must be no test rows in RowOrder where there is a TestTable.", nameof(RowOrder));
        if (MaximumCategories < 1)
            throw new ArgumentOutOfRangeException(nameof(MaximumCategories), MaximumCategories, "A feature must be allowed at least 1 category.");
        if (MemoryLimit < LeastMemory)
            throw new ArgumentOutOfRangeException(nameof(MemoryLimit), MemoryLimit, $"A table needs at least {LeastMemory} bytes of memory.");
        if (CategoryBuckets is < 0 or > MostCategoryBuckets)
            throw new ArgumentOutOfRangeException(nameof(CategoryBuckets), CategoryBuckets, $"Texts can share from 1 to {MostCategoryBuckets} features, or 0 to refuse columns with very many.");
        if (CategoryBuckets == 0 && BucketColumns.Count > 0)
            throw new ArgumentException("Columns of BucketColumns need at least 1 of CategoryBuckets.", nameof(BucketColumns));
    }
}

/// <summary>Numbers of rows in file order.</summary>
/// <param name="Train">Rows that train, at least 2.</param>
/// <param name="Validation">Rows that validate, at least 1.</param>
/// <param name="Test">Rows that test, at least 0.</param>
internal readonly record struct RowCounts(int Train, int Validation, int Test);

/// <summary>Which rows statistics are taken from.</summary>
internal enum StatisticsRows
{
    /// <summary>Training rows only: nothing of the validation rows leaks into the model.</summary>
    Train,

    /// <summary>Training and validation rows, as in the protocol of the published results.</summary>
    TrainAndValidation,
}
