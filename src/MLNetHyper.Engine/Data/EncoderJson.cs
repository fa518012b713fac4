using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>What a <see cref="FeatureEncoder"/>'s JSON holds.</summary>
sealed record FeatureEncoderState(int Version, IReadOnlyList<ColumnEncoding> Columns, IReadOnlyList<string> Dropped, IReadOnlyList<string>? Ignored = null);

/// <summary>What a <see cref="TargetEncoder"/>'s JSON holds.</summary>
sealed record TargetEncoderState(int Version, string Label, LearningTask Task, double Mean, double Deviation, IReadOnlyList<string> Classes, bool NumericClasses);

/// <summary>JSON of the encoders, without reflection so that trimmed and ahead-of-time compiled programs can read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FeatureEncoderState))]
[JsonSerializable(typeof(TargetEncoderState))]
sealed partial class EncoderJson : JsonSerializerContext
{
    /// <summary>The format's version; a reader refuses a later one.</summary>
    internal const int Version = 1;

    /// <summary>The version of what holds dates, which earlier programs do not know.</summary>
    internal const int DatesVersion = 2;

    /// <summary>The version of what holds buckets.</summary>
    internal const int BucketsVersion = 3;

    /// <summary>Runs a reader and turns what can go wrong into one error.</summary>
    internal static TEncoder Read<TEncoder>(string what, Func<TEncoder> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new DataFormatException($"this is not a {what}, or it is damaged: {exception.Message} Save the model again.", innerException: exception);
        }
    }

    internal static void CheckVersion(int version)
    {
        if (version is < Version or > BucketsVersion)
            throw new ArgumentException($"Its format has version {version}, but this program reads versions {Version} to {BucketsVersion}.");
    }
}
