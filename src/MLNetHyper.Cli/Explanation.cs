namespace MLNetHyper.Cli;

/// <summary>What a model relies on, and how its predictions depend on some columns.</summary>
/// <param name="Task">What the model predicts.</param>
/// <param name="Label">The label's column.</param>
/// <param name="Rows">How many rows say so.</param>
/// <param name="Error">The model's error on them; null where they have no labels.</param>
/// <param name="Importance">The most important column first; empty where the rows have no labels.</param>
/// <param name="Dependences">How predictions depend on columns.</param>
internal sealed record Explanation(LearningTask Task, string Label, int Rows, double? Error, IReadOnlyList<ColumnImportance> Importance, IReadOnlyList<PartialDependence> Dependences)
{
    internal const int DefaultPermutations = 5;

    /// <summary>The error that importance is a change of.</summary>
    internal string Measure => Task == LearningTask.Regression ? "RMSE" : "log-loss";

    internal static Explanation Of(OnePassModel model, Table table, bool labeled, int permutations, IReadOnlyList<string> columns, int seed, CancellationToken cancellation) => new(
        model.Target.Task, model.Target.LabelColumn, table.RowCount,
        labeled ? model.Evaluate(table).Error : null,
        labeled ? model.Importance(table, permutations, seed, cancellation) : [],
        [.. columns.Select(column => model.PartialDependence(table, column, cancellation: cancellation))]);

    internal void WriteText(TextWriter output)
    {
        if (Error is { } error)
        {
            output.WriteLine($"{Measure} of '{Label}' on {Rows} rows: {CompactNumber.Format(error)}. How much it rises when a column is shuffled among the rows ({Importance[0].Increases.Count} times):");
            output.WriteLine();
            var table = new TextTable("column", "rises by", "± deviation", "of the error");
            foreach (ColumnImportance column in Importance)
                table.Add(column.Column, CompactNumber.Format(column.Mean, 3), CompactNumber.Format(column.Deviation, 2), error > 0 ? $"{CompactNumber.Format(100 * column.Mean / error, 3)} %" : "-");
            table.WriteTo(output);
        }
        foreach (PartialDependence dependence in Dependences)
        {
            if (Error is not null || dependence != Dependences[0])
                output.WriteLine();
            output.WriteLine($"{Predicted(dependence)} averaged over {Rows} rows that are all given the same '{dependence.Column}':");
            output.WriteLine();
            var table = new TextTable([dependence.Column, .. dependence.Outputs]);
            foreach ((int i, string value) in dependence.Texts.Index())
                table.Add([dependence.Numbers.Count > 0 ? CompactNumber.Format(dependence.Numbers[i]) : value, .. dependence.Means[i].Select(mean => CompactNumber.Format(mean))]);
            table.WriteTo(output);
        }
    }

    internal void WriteJson(TextWriter output, string? report, IEnumerable<string> warnings) => Json.Write(output, json =>
    {
        json.WriteString("task", Task.ToString().ToLowerInvariant());
        json.WriteString("label", Label);
        json.WriteNumber("rows", Rows);
        json.WriteString("measure", Measure.ToLowerInvariant());
        json.Number("error", Error);
        json.WriteStartArray("importance");
        foreach (ColumnImportance column in Importance)
        {
            json.WriteStartObject();
            json.WriteString("column", column.Column);
            json.Number("mean", column.Mean);
            json.Number("deviation", column.Deviation);
            json.NumberArray("increases", column.Increases);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("partialDependence");
        foreach (PartialDependence dependence in Dependences)
        {
            json.WriteStartObject();
            json.WriteString("column", dependence.Column);
            if (dependence.Numbers.Count > 0)
                json.NumberArray("values", dependence.Numbers);
            else
                json.Texts("values", dependence.Texts);
            json.WriteStartObject("means");
            foreach ((int k, string name) in dependence.Outputs.Index())
                json.NumberArray(name, dependence.Means.Select(means => means[k]));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("report", report);
        json.Texts("warnings", warnings);
    });

    /// <summary>What is predicted, at the beginning of a sentence.</summary>
    internal string Predicted(PartialDependence dependence) =>
        Task == LearningTask.Regression ? $"Predicted '{Label}'" : dependence.Outputs.Count == 1 ? $"Probability of '{dependence.Outputs[0]}'" : "Probability of each class";
}
