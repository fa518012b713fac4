namespace MLNetHyper.Engine;

/// <summary>What is odd about a label.</summary>
static class LabelWarnings
{
    /// <summary>Up to so many rows a class can hardly be trained and validated.</summary>
    private const int FewRows = 2;

    /// <summary>From so many classes of few rows on, when they are most of the classes, the label is no class.</summary>
    private const int ManyRareClasses = 20;

    internal static IEnumerable<string> Of(Table table, TableColumn label, TargetEncoder target)
    {
        if (!label.IsNumeric)
        {
            foreach (string warning in DataWarnings.OfTexts(table, label))
                yield return warning;
        }
        else if (label.Notes.Codes is { } codes)
        {
            yield return target.Task == LearningTask.Regression
                ? $"label '{label.Name}' has {codes.Count} numbers with leading zeros or more than 15 digits, the first of them '{Cell.Shown(codes.Text)}' in {codes.Place}, and is predicted as a quantity. If they are codes, name the column in CsvOptions.TextColumns."
                : $"label '{label.Name}' has {codes.Count} numbers with leading zeros or more than 15 digits, the first of them '{Cell.Shown(codes.Text)}' in {codes.Place}: each of its {target.ClassNames.Count} texts is a class. If they are quantities, set DataOptions.Task to regression.";
        }
        else if (target.Task != LearningTask.Regression && label.Spellings is { } spellings && spellings.OfType<string>().Distinct().Count() > target.ClassNames.Count)
        {
            yield return $"label '{label.Name}' has numbers that are written in several ways, such as 1 and 1.0: each number is one class, called as it is written first. To make a class of every text, name the column in CsvOptions.TextColumns.";
        }
        (string Name, int Count)[] rare = Rare(table, target);
        if (rare.Length > 0)
            yield return $"{rare.Length} of {target.ClassNames.Count} classes of label '{label.Name}' {(rare.Length == 1 ? "has" : "have")} only one or two rows, such as '{Cell.Shown(rare[0].Name)}' with {rare[0].Count}: too few to train, validate and test. Correct them, or add rows.";
    }

    /// <summary>Throws where most classes have hardly a row, which is what a quantity taken for classes looks like.</summary>
    internal static void RejectRareClasses(Table table, TargetEncoder target)
    {
        (string Name, int Count)[] rare = Rare(table, target);
        if (rare.Length >= ManyRareClasses && 2 * rare.Length > target.ClassNames.Count)
            throw table.Error($"{rare.Length} of the label's {target.ClassNames.Count} classes have only one or two rows, such as '{Cell.Shown(rare[0].Name)}' with {rare[0].Count}. If the label is a quantity, write all its cells as numbers, leave unknown ones empty, and set DataOptions.Task to regression; if not, group the classes.", column: target.LabelColumn);
    }

    /// <summary>": 'NA' was taken as missing in 80 rows" and how to keep it; empty where cells were just empty.</summary>
    internal static string MissingWords(TableColumn label, LearningTask task)
    {
        IReadOnlyList<CellNote> words = label.Notes.MissingWords;
        if (words.Count == 0)
            return "";
        const int listed = 3;
        string taken = string.Join(", ", words.Take(listed).Select(word => $"'{Cell.Shown(word.Text)}' in {word.Count} rows, first in {word.Place}"));
        return $": in label '{label.Name}' these words were taken as missing: {taken}{(words.Count > listed ? ", …" : "")}{(task == LearningTask.Regression ? "" : "; if they are classes, name the column in CsvOptions.KeepMissingWords")}";
    }

    private static (string Name, int Count)[] Rare(Table table, TargetEncoder target)
    {
        if (target.Task == LearningTask.Regression)
            return [];
        int[] counts = new int[target.ClassNames.Count];
        foreach (double index in target.Encode<double>(table))
            counts[(int)index]++;
        return [.. counts.Index().Where(entry => entry.Item is > 0 and <= FewRows).Select(entry => (target.ClassNames[entry.Index], entry.Item))];
    }
}
