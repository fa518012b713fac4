namespace MLNetHyper.Cli;

/// <summary>Columns of the data that stand beside the predictions, every cell as it is written in the file.</summary>
internal static class KeptColumns
{
    private const string All = "all";

    /// <summary>The columns that are wanted and can be kept.</summary>
    /// <param name="table">The data, or the first piece of them.</param>
    /// <param name="names">Which columns; <c>all</c> for all.</param>
    /// <param name="predicted">The names of the columns of predictions.</param>
    /// <param name="warnings">Takes what was left out.</param>
    internal static string[] Names(Table table, string[] names, string[] predicted, List<string> warnings)
    {
        bool all = names is [All];
        string[] columns = all ? [.. table.Columns.Select(column => column.Name)] : [.. names.Distinct()];
        foreach (string name in columns)
            _ = table[name];
        string[] twice = [.. columns.Intersect(predicted)];
        if (twice.Length > 0 && !all)
            throw new UsageException($"--keep: a column of predictions is named '{twice[0]}' too. Rename the data's, or leave it out.");
        foreach (string name in twice)
            warnings.Add($"column '{name}' is not kept, since a column of predictions has its name.");
        return [.. columns.Except(twice)];
    }

    /// <summary>How to read them: as numbers, codes such as 007 would have lost their zeros, and words for missing values stay as they are, too.</summary>
    internal static CsvOptions AsWritten(CsvOptions csv, string[] columns) => csv with { NumericColumns = [], TextColumns = [], KeepMissingWords = columns };

    internal static IReadOnlyList<TableColumn> Of(Table texts, string[] columns) => [.. columns.Select(name => texts[name])];
}
