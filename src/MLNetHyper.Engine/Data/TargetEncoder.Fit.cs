namespace MLNetHyper.Engine;

internal sealed partial class TargetEncoder
{
    /// <summary>Learns from a table's rows how to encode its labels. Rows whose label is missing are passed over.</summary>
    /// <param name="table">The rows to take the mean and deviation, or the classes, from.</param>
    /// <param name="labelColumn">The label's column.</param>
    /// <param name="task">What is predicted.</param>
    /// <exception cref="DataFormatException">
    /// The column does not exist; all labels are missing; for regression, a label is no number or infinite, or all are the same;
    /// for classes, there is only one, there are too many, or not two for <see cref="LearningTask.Binary"/>.
    /// </exception>
    public static TargetEncoder Fit(Table table, string labelColumn, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn label = table[labelColumn];
        if (Enumerable.Range(0, label.Count).All(label.IsMissing))
            throw table.Error("all labels are missing. Name the column that holds what is to be predicted.", column: labelColumn);
        for (int row = 0; label.IsNumeric && row < label.Count; row++)
        {
            if (double.IsInfinity(label.Numbers[row]))
                throw table.Error(Cell.Infinite(Cell.Format(label.Numbers[row])), row, labelColumn);
        }
        return task == LearningTask.Regression ? FitNumbers(table, label) : FitClasses(table, label, task);
    }

    private static TargetEncoder FitNumbers(Table table, TableColumn label)
    {
        if (!label.IsNumeric)
            throw TextJudgement.NotNumeric(table, label);
        ColumnStatistics statistics = ColumnStatistics.Of(label.Numbers);
        if (statistics.Deviation == 0)
            throw table.Error($"the label is {Cell.Format(statistics.Mean)} in every row, so there is nothing to learn. Name another label column, or add rows with other values.", column: label.Name);
        return new TargetEncoder(new TargetEncoderState(EncoderJson.Version, label.Name, LearningTask.Regression, statistics.Mean, statistics.Deviation, [], NumericClasses: false));
    }

    private static TargetEncoder FitClasses(Table table, TableColumn label, LearningTask task)
    {
        bool areNumbers = label.IsNumeric && (label.Spellings is null || label.Notes.Codes is null);
        string[] classes = areNumbers ? NumberNames(label) : CategoryNames.Of(label.IsNumeric ? label.Spellings : label.Texts);
        if (classes.Length == 1)
            throw table.Error($"there is only one class, '{Cell.Shown(classes[0])}', so there is nothing to learn. Name another label column, or add rows of other classes.", column: label.Name);
        if (task == LearningTask.Binary && classes.Length != 2)
            throw table.Error($"binary classification needs two classes, but there are {classes.Length} ({Classes(classes)}). Choose multiclass, or correct the labels.", column: label.Name);
        if (classes.Length > TaskInference.MaximumClasses)
            throw table.Error($"there are {classes.Length} classes, more than {TaskInference.MaximumClasses}. Choose regression if the label is a quantity, or group the classes.", column: label.Name);
        return new TargetEncoder(new TargetEncoderState(EncoderJson.Version, label.Name, task, 0, 1, classes, areNumbers));
    }

    /// <summary>Numbers in ascending order under the names that they have in the file; "1" and "1.0" are one, called as it is first.</summary>
    private static string[] NumberNames(TableColumn label)
    {
        SortedDictionary<double, string> names = [];
        for (int row = 0; row < label.Count; row++)
        {
            if (!label.IsMissing(row))
                names.TryAdd(label.Numbers[row], label.TextAt(row)!);
        }
        return [.. names.Values];
    }
}
