using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>The errors on a fold, by a model that never saw it.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="Errors">On its rows.</param>
internal sealed record TestedFold(int Number, Metrics Errors);

/// <summary>Folds for other workers, without reflection.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TestedFold[]))]
internal sealed partial class TestedFoldJson : JsonSerializerContext;
