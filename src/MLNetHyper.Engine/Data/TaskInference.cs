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
            int texts = CategoryNames.Of(label.Texts).Length;
            if (texts > 2)
                TextJudgement.RejectNumericLabel(table, label);
            return texts <= 2 ? LearningTask.Binary : LearningTask.Multiclass;
        }
        if (CodesAreClasses(label, out int codes))
            return codes == 2 ? LearningTask.Binary : LearningTask.Multiclass;
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

    /// <summary>Whole numbers with leading zeros or of more than 15 digits are names where they recur.</summary>
    private static bool CodesAreClasses(TableColumn label, out int count)
    {
        count = 0;
        if (label.Notes.Codes is null || label.Spellings is null)
            return false;
        string[] names = CategoryNames.Of(label.Spellings);
        count = names.Length;
        int rows = label.Spellings.Count(spelling => spelling is not null);
        return count is >= 2 and <= MaximumClasses && rows >= MinimumRowsPerInteger * count && label.Numbers.ToArray().All(number => double.IsNaN(number) || Math.Floor(number) == number);
    }
}
