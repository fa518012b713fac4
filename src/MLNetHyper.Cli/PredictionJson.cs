using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>Predictions as JSON.</summary>
internal static class PredictionJson
{
    /// <param name="output">Where to.</param>
    /// <param name="model">What predicted.</param>
    /// <param name="rows">How many rows there were.</param>
    /// <param name="metrics">The errors, where they are known.</param>
    /// <param name="file">The file of predictions.</param>
    /// <param name="warnings">What was noticed.</param>
    /// <param name="predictions">The predictions and what was kept beside them, where there is no such file.</param>
    internal static void Write(
        TextWriter output, OnePassModel model, int rows, Metrics? metrics, string? file, IEnumerable<string> warnings, (Predictions Predictions, IReadOnlyList<TableColumn> Kept)? predictions) => Json.Write(output, json =>
    {
        json.WriteString("task", model.Target.Task.ToString().ToLowerInvariant());
        json.WriteString("label", model.Target.LabelColumn);
        json.WriteNumber("rows", rows);
        json.Metrics("metrics", metrics);
        json.WriteString("output", file);
        json.Texts("warnings", warnings);
        if (predictions is { } all)
            Write(json, all.Predictions, all.Kept);
    });

    private static void Write(Utf8JsonWriter json, Predictions predictions, IReadOnlyList<TableColumn> kept)
    {
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
    }
}
