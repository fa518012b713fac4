using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Turns tables into what a network is trained on.</summary>
public static class DataPreparation
{
    /// <summary>
    /// Tells the task from a label column: two different texts or numbers are a binary task; more texts, or at most ten different integers each of which
    /// occurs twice on average, are a multiclass task; other numbers are a regression task.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="labelColumn">The label's column.</param>
    /// <exception cref="DataFormatException">The column does not exist, or looks like numbers spoilt by a few texts.</exception>
    public static LearningTask InferTask(Table table, string labelColumn)
    {
        ArgumentNullException.ThrowIfNull(table);
        return TaskInference.Infer(table, table[labelColumn]);
    }

    /// <summary>Divides a table's rows, learns from the training rows how to encode them, and encodes all.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="table">The table.</param>
    /// <param name="options">What to predict and how to divide.</param>
    /// <exception cref="DataFormatException">
    /// A column does not exist or holds what it must not (see <see cref="FeatureEncoder.Fit"/> and <see cref="TargetEncoder.Fit"/>), a weight is negative or too large,
    /// a part would have no rows, the training rows have one class only, or most classes have one or two rows only.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A fraction or count in the options lies outside its range.</exception>
    public static PreparedData<T> Prepare<T>(Table table, DataOptions options) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        options = options with { DateColumns = [.. options.DateColumns.Union(table.Columns.Where(column => column.AreDates).Select(column => column.Name).Except(NoFeatures(options)))] };
        CheckColumns(table, options);
        Dictionary<string, int> buckets = FeatureEncoder.CheckTexts(table, [.. NoFeatures(options), .. options.DateColumns], options);

        int[] usable = UsableRows(table, options);
        Table labeled = table.Select(usable);
        LearningTask task = options.Task ?? InferTask(labeled, options.LabelColumn);
        // Classes are known from all rows; numbers say nothing yet, but a label that cannot be learned is found before the rows are divided.
        TargetEncoder target = TargetEncoder.Fit(labeled, options.LabelColumn, task);
        LabelWarnings.RejectRareClasses(labeled, target);
        RowSplit split = RowDivision.Divide(table, usable, options, task == LearningTask.Regression ? null : target.Encode<double>(labeled));

        Table training = table.Select(split.Train), statistics = options.StatisticsFrom == StatisticsRows.Train ? training : table.Select([.. split.Train, .. split.Validation]);
        FeatureEncoder features = FeatureEncoder.Fit(statistics, NoFeatures(options), options.MaximumCategories, options.DateColumns.Distinct().ToDictionary(name => name, name => DateEncoding.IsMonthFirst(table, table[name])), buckets);
        if (task == LearningTask.Regression)
            target = TargetEncoder.Fit(statistics, options.LabelColumn, task);

        HashSet<string> noFeatures = [.. NoFeatures(options)];
        Table testTable = options.TestTable ?? table;
        int[] testRows = options.TestTable is null ? split.Test : UsableRows(testTable, options);
        int skipped = table.RowCount - usable.Length + (options.TestTable is null ? 0 : testTable.RowCount - testRows.Length);
        double[]? classWeights = ClassWeights(table, training, target, options);
        Examples<T> train = Encode<T>(training, "training", features, target, options, classWeights);
        if (task != LearningTask.Regression && train.Targets.AsSpan().IndexOfAnyExcept(train.Targets[0]) < 0)
            throw table.Error($"all {train.Count} training rows have the class '{target.DecodeClass(int.CreateTruncating(train.Targets[0]))}'. Divide the rows at random, or add rows of other classes.", column: options.LabelColumn);
        return new PreparedData<T>(features, target)
        {
            Train = train,
            Validation = Encode<T>(table.Select(split.Validation), "validation", features, target, options, classWeights),
            Test = testRows.Length == 0 ? null : Encode<T>(testTable.Select(testRows), "test", features, target, options),
            TrainRows = split.Train,
            ValidationRows = split.Validation,
            TestRows = testRows,
            SkippedRows = skipped,
            ValidatesAtRandom = options.RowOrder is null,
            Warnings =
            [
                .. DataWarnings.Of(labeled, table.Columns.Where(column => !noFeatures.Contains(column.Name) && !options.DateColumns.Contains(column.Name)), features, target, split.Train.Length, skipped),
                .. options.TestTable is null ? [] : features.Warnings(testTable).Select(warning => $"{testTable.Source}: {warning}"),
            ],
        };
    }

    /// <param name="rows">The rows.</param>
    /// <param name="part">What they are for, where they must not all have the weight 0; null where others may have weights.</param>
    /// <param name="features">How columns become features.</param>
    /// <param name="target">How labels become targets.</param>
    /// <param name="options">Which column has weights.</param>
    /// <param name="classWeights">What a row of each class counts.</param>
    internal static Examples<T> Encode<T>(Table rows, string? part, FeatureEncoder features, TargetEncoder target, DataOptions options, double[]? classWeights = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[]? weights = options.WeightColumn is null ? null : ExampleWeights.Read<T>(rows, options.WeightColumn, part);
        T[] targets = target.Encode<T>(rows);
        if (classWeights is not null)
        {
            weights ??= [.. Enumerable.Repeat(T.One, targets.Length)];
            for (int row = 0; row < targets.Length; row++)
                weights[row] *= T.CreateTruncating(classWeights[int.CreateTruncating(targets[row])]);
        }
        return new Examples<T>(features.Encode<T>(rows), features.FeatureCount, targets, weights) { Widening = features.Expansion };
    }

    /// <summary>What a row of each class counts, by the training rows of prepared data.</summary>
    internal static double[]? ClassWeights(PreparedData<float> data, DataOptions options) =>
        options.BalanceClasses ? ExampleWeights.Balanced(data.Train.Targets.Select(label => (int)label), data.Target.ClassNames.Count) : null;

    private static double[]? ClassWeights(Table table, Table training, TargetEncoder target, DataOptions options)
    {
        if (!options.BalanceClasses)
            return null;
        return target.Task == LearningTask.Regression
            ? throw table.Error("there are no classes to balance, since the label is a number. Leave out DataOptions.BalanceClasses, or say that the task is one of classes.", column: options.LabelColumn)
            : ExampleWeights.Balanced(target.Encode<double>(training).Select(label => (int)label), target.ClassNames.Count);
    }

    private static int[] UsableRows(Table table, DataOptions options)
    {
        int[] rows = RowsWithLabel(table, options);
        return rows.Length > 0
            ? rows
            : throw table.Error("all labels (or all weights) are missing. Name the column that holds what is to be predicted.", column: options.LabelColumn);
    }

    /// <summary>The rows that have a label, and a weight if there is a column of weights.</summary>
    internal static int[] RowsWithLabel(Table table, DataOptions options)
    {
        TableColumn label = table[options.LabelColumn];
        TableColumn? weight = options.WeightColumn is null ? null : table[options.WeightColumn];
        return [.. Enumerable.Range(0, table.RowCount).Where(row => !label.IsMissing(row) && weight?.IsMissing(row) != true)];
    }

    private static void CheckColumns(Table table, DataOptions options)
    {
        foreach (string name in NoFeatures(options).Concat(options.DateColumns).Concat(options.BucketColumns))
            _ = table[name];
        if (options.DateColumns.FirstOrDefault(NoFeatures(options).Contains) is { } both)
            throw table.Error("a column of DataOptions.DateColumns is the label or the weight, or left out. Take it out of one of the two.", column: both);
        if (options.BucketColumns.FirstOrDefault(name => NoFeatures(options).Contains(name) || options.DateColumns.Contains(name)) is { } other)
            throw table.Error("a column of DataOptions.BucketColumns is the label or the weight, of dates, or left out. Take it out of one of the two.", column: other);
        if (options.BucketColumns.FirstOrDefault(name => table[name].IsNumeric) is { } numeric)
            throw table.Error("a column of DataOptions.BucketColumns holds numbers. If they are codes, name it in CsvOptions.TextColumns too.", column: numeric);
        if (options.IgnoredColumns.Contains(options.LabelColumn))
            throw table.Error("the label is also ignored. Take it out of DataOptions.IgnoredColumns.", column: options.LabelColumn);
        if (options.WeightColumn == options.LabelColumn)
            throw table.Error("the column is both label and weight. Name two columns.", column: options.LabelColumn);
    }

    private static IEnumerable<string> NoFeatures(DataOptions options) =>
        [options.LabelColumn, .. options.IgnoredColumns, .. options.WeightColumn is null ? [] : new[] { options.WeightColumn }];
}
