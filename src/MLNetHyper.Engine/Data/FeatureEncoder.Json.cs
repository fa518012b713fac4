using System.Text.Json;

namespace MLNetHyper.Engine;

internal sealed partial class FeatureEncoder
{
    /// <summary>The encoder as JSON, from which <see cref="FromJson"/> makes the same again: all numbers come back exactly.</summary>
    public string ToJson() => JsonSerializer.Serialize(new FeatureEncoderState(VersionOf(_encodings), _encodings, DroppedColumns, _ignored), EncoderJson.Default.FeatureEncoderState);

    private static int VersionOf(ColumnEncoding[] encodings) => encodings.Select(encoding => encoding switch
    {
        BucketEncoding => EncoderJson.BucketsVersion,
        DateEncoding => EncoderJson.DatesVersion,
        _ => EncoderJson.Version,
    }).Append(EncoderJson.Version).Max();

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataFormatException">The text is something else, damaged, or of another version.</exception>
    public static FeatureEncoder FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return EncoderJson.Read("feature encoder", () =>
        {
            FeatureEncoderState state = JsonSerializer.Deserialize(json, EncoderJson.Default.FeatureEncoderState) ?? throw new JsonException("It is null.");
            EncoderJson.CheckVersion(state.Version);
            foreach (ColumnEncoding? encoding in state.Columns)
                (encoding ?? throw new JsonException("A column is null.")).Check();
            FeatureEncoder encoder = new([.. state.Columns], [.. state.Dropped], state.Ignored is null ? null : [.. state.Ignored]);
            return encoder.FeatureCount > 0 ? encoder : throw new JsonException("It has no features.");
        });
    }
}
