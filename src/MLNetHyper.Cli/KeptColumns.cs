namespace MLNetHyper.Cli;

/// <summary>Columns of the data that stand beside the predictions, every cell as it is written in the file.</summary>
internal static class KeptColumns
{
    private const string All = "all";

    /// <param name="session">Reads the data once more: as numbers, codes such as 007 would have lost their zeros.</param>
    /// <param name="data">Where from.</param>
    /// <param name="csv">How they are written.</param>
    /// <param name="table">The data as the model reads them.</param>
    /// <param name="names">Which columns; <c>all</c> for all.</param>
    /// <param name="predicted">The names of the columns of predictions.</param>
    /// <param name="warnings">Takes what was left out.</param>
    internal static IReadOnlyList<TableColumn> Of(Session session, string[] data, CsvOptions csv, Table table, string[] names, string[] predicted, List<string> warnings)
    {
        if (names.Length == 0)
            return [];
        bool all = names is [All];
        string[] columns = all ? [.. table.Columns.Select(column => column.Name)] : [.. names.Distinct()];
        foreach (string name in columns)
            _ = table[name];
        string[] twice = [.. columns.Intersect(predicted)];
        if (twice.Length > 0 && !all)
            throw new UsageException($"--keep: a column of predictions is named '{twice[0]}' too. Rename the data's, or leave it out.");
        foreach (string name in twice)
            warnings.Add($"column '{name}' is not kept, since a column of predictions has its name.");
        columns = [.. columns.Except(twice)];
        // Words for missing values stay as they are, too.
        Table texts = session.Read(data, csv with { NumericColumns = [], TextColumns = [], KeepMissingWords = columns });
        return [.. columns.Select(name => texts[name])];
    }
}
