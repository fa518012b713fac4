using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>Writes the one JSON object that --json promises. JSON has no NaN and no infinity: they become null.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions _options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, _options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        output.Write('\n');
    }

    internal static void Number(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        json.NumberValue(value);
    }

    internal static void NumberValue(this Utf8JsonWriter json, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    internal static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, double value) in values)
            json.Number(key, value);
        json.WriteEndObject();
    }

    /// <summary>Numbers on one line, of which there may be many.</summary>
    internal static void NumberArray(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", values.Select(value => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null"))}]");
    }

    internal static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string?> values)
    {
        json.WriteStartArray(name);
        foreach (string? value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>The errors on some rows; null where there were no rows.</summary>
    internal static void Metrics(this Utf8JsonWriter json, string name, Metrics? metrics)
    {
        json.WritePropertyName(name);
        json.Metrics(metrics);
    }

    internal static void Metrics(this Utf8JsonWriter json, Metrics? metrics)
    {
        if (metrics is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        json.WriteNumber("rows", metrics.Rows);
        foreach (Measure measure in Measure.All(metrics))
            json.Number(measure.Key, measure.Value);
        json.WriteEndObject();
    }
}
