using System.Text.Json.Serialization;

namespace MLNetHyper.Search;

/// <summary>What has finished, for other workers, without reflection: numbers come back to the last bit.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonEntry[]))]
[JsonSerializable(typeof(SuiteEntry[]))]
internal sealed partial class FinishedJson : JsonSerializerContext;
