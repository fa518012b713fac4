using System.Globalization;
using System.Text;

namespace MLNetHyper.Cli;

/// <summary>Predictions as CSV and as JSON.</summary>
internal static class PredictionFile
{
    internal static void WriteCsv(TextWriter output, Predictions predictions)
    {
        output.Write(string.Join(',', predictions.ClassNames.Select(name => Field($"probability_{name}")).Prepend("prediction")) + "\n");
        for (int row = 0; row < predictions.Rows; row++)
        {
            output.Write(predictions.Task == LearningTask.Regression ? Number(predictions.Values[row]) : Field(predictions.Class(row)));
            for (int c = 0; c < predictions.ClassNames.Count; c++)
            {
                output.Write(',');
                output.Write(Number(predictions.Probability(row, c)));
            }
            output.Write('\n');
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    internal static void Save(string path, Predictions predictions)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false)))
                WriteCsv(writer, predictions);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    internal static void WriteJson(TextWriter output, OnePassModel model, Predictions predictions, Metrics? metrics, string? file) => Json.Write(output, json =>
    {
        json.WriteString("task", predictions.Task.ToString().ToLowerInvariant());
        json.WriteString("label", model.Target.LabelColumn);
        json.WriteNumber("rows", predictions.Rows);
        json.Metrics("metrics", metrics);
        json.WriteString("output", file);
        if (file is not null)
            return;
        if (predictions.Task != LearningTask.Regression)
            json.Texts("classes", predictions.ClassNames);
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

    // Far outside the training data an output may overflow: a gap is honest, and "Infinity" is no number to most readers of CSV.
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
