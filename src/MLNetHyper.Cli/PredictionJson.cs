namespace MLNetHyper.Cli;

/// <summary>Predictions as JSON.</summary>
internal static class PredictionJson
{
    internal static void Write(TextWriter output, OnePassModel model, Predictions predictions, IReadOnlyList<TableColumn> kept, Metrics? metrics, string? file, IEnumerable<string> warnings) => Json.Write(output, json =>
    {
        json.WriteString("task", predictions.Task.ToString().ToLowerInvariant());
        json.WriteString("label", model.Target.LabelColumn);
        json.WriteNumber("rows", predictions.Rows);
        json.Metrics("metrics", metrics);
        json.WriteString("output", file);
        json.Texts("warnings", warnings);
        if (file is not null)
            return;
        if (predictions.Task != LearningTask.Regression)
            json.Texts("classes", predictions.ClassNames);
        if (predictions.IntervalHalfWidth is { } half)
            json.Number("intervalHalfWidth", half);
        if (predictions.Threshold is { } threshold)
            json.Number("threshold", threshold);
        if (kept.Count > 0)
        {
            json.WriteStartObject("kept");
            foreach (TableColumn column in kept)
                json.Texts(column.Name, Enumerable.Range(0, column.Count).Select(row => column.TextAt(row)));
            json.WriteEndObject();
        }
        json.WriteStartArray("predictions");
        for (int row = 0; row < predictions.Rows; row++)
        {
            if (predictions.Task == LearningTask.Regression)
                json.NumberValue(predictions.Values[row]);
            else
                json.WriteStringValue(predictions.Class(row));
        }
        json.WriteEndArray();
        if (predictions.Task == LearningTask.Regression)
            return;
        json.WriteStartArray("probabilities");
        for (int row = 0; row < predictions.Rows; row++)
        {
            json.WriteStartArray();
            for (int c = 0; c < predictions.ClassNames.Count; c++)
                json.NumberValue(predictions.Probability(row, c));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });
}
