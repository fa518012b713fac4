namespace MLNetHyper.Engine;

/// <summary>Reads the learning task off the label column.</summary>
static class TaskInference
{
    /// <summary>Beyond so many classes the label is rather a name or free text.</summary>
    internal const int MaximumClasses = 1000;

    /// <summary>Beyond so many different integers the label is rather a quantity.</summary>
    internal const int MaximumIntegerClasses = 10;

    /// <summary>Fewer rows per integer on average say nothing about classes: a short column of counts repeats none of its values.</summary>
    internal const int MinimumRowsPerInteger = 2;

    internal static LearningTask Infer(Table table, TableColumn label)
    {
        if (!label.IsNumeric)
        {
            int texts = DistinctTexts(label);
            if (texts > 2)
                TextQuality.RejectNumberLike(table, label, " To predict its texts as classes, set the task.");
            return texts <= 2 ? LearningTask.Binary : LearningTask.Multiclass;
        }
        HashSet<double> values = [];
        bool integers = true;
        int rows = 0;
        foreach (double value in label.Numbers)
        {
            if (double.IsNaN(value))
                continue;
            rows++;
            integers &= Math.Floor(value) == value;
            if (values.Count <= MaximumIntegerClasses)
                values.Add(value);
        }
        if (values.Count == 2)
            return LearningTask.Binary;
        bool classes = integers && values.Count is > 2 and <= MaximumIntegerClasses && rows >= MinimumRowsPerInteger * values.Count;
        return classes ? LearningTask.Multiclass : LearningTask.Regression;
    }

    private static int DistinctTexts(TableColumn label)
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (string? text in label.Texts)
        {
            if (text is not null)
                texts.Add(text);
        }
        return texts.Count;
    }
}
