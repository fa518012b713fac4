using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Experiments;

/// <summary>
/// A trace of the reference implementation of Clarke et al. 2022: initial weights and hyperparameters, the losses before every
/// step, the raw hypergradients and raw values of every hyperparameter step.
/// </summary>
internal sealed class ReferenceTrace
{
    private static readonly string[] _starts = ["log10_learning_rate", "log10_weight_decay", "logit_momentum"];

    private ReferenceTrace(string dataset, string algorithm, double[] initialWeights, int[] layerWidths)
    {
        Dataset = dataset;
        Algorithm = algorithm;
        InitialWeights = initialWeights;
        LayerWidths = layerWidths;
    }

    internal string Dataset { get; }

    internal string Algorithm { get; }

    /// <summary>All tensors, flat, in the network's order.</summary>
    internal double[] InitialWeights { get; }

    /// <summary>Inputs, hidden units, outputs.</summary>
    internal int[] LayerWidths { get; }

    internal required int Interval { get; init; }

    internal required IReadOnlyDictionary<string, double> InitialRaw { get; init; }

    /// <summary>For every step, and after the last: each loss by its name.</summary>
    internal required IReadOnlyList<IReadOnlyDictionary<string, double>> Steps { get; init; }

    /// <summary>For every hyperparameter step: each quantity by <c>hyperparameter.quantity</c>.</summary>
    internal required IReadOnlyList<IReadOnlyDictionary<string, double>> Updates { get; init; }

    internal static ReferenceTrace Load(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            throw new DataFormatException($"this is not a reference trace: {e.Message} Its format is described in tests/MLNetHyper.Engine.Tests/golden/README.md.", path, innerException: e);
        }
    }

    private static ReferenceTrace Parse(JsonElement root)
    {
        List<double> weights = [];
        List<int> widths = [];
        JsonElement tensors = root.GetProperty("initial_weights");
        // The file may name the tensors in any order; the network's is by layer, weights before biases.
        foreach (int layer in tensors.EnumerateObject().Select(t => int.Parse(t.Name.Split('.')[1], CultureInfo.InvariantCulture)).Distinct().Order())
        {
            JsonElement matrix = tensors.GetProperty($"layers.{layer}.weight"), bias = tensors.GetProperty($"layers.{layer}.bias");
            if (widths.Count == 0)
                widths.Add(matrix[0].GetArrayLength());
            if (bias.GetArrayLength() != matrix.GetArrayLength() || matrix.EnumerateArray().Any(row => row.GetArrayLength() != widths[^1]))
                throw new FormatException($"The shapes of the weights and biases of layer {layer} and the layer before do not fit together.");
            widths.Add(matrix.GetArrayLength());
            foreach (JsonElement row in matrix.EnumerateArray())
                weights.AddRange(row.EnumerateArray().Select(x => x.GetDouble()));
            weights.AddRange(bias.EnumerateArray().Select(x => x.GetDouble()));
        }
        ReferenceTrace trace = new(root.GetProperty("dataset").GetString()!, root.GetProperty("algorithm").GetString()!, [.. weights], [.. widths])
        {
            Interval = root.GetProperty("update_interval").GetInt32(),
            InitialRaw = Numbers(root.GetProperty("initial")),
            Steps = [.. root.GetProperty("steps").EnumerateArray().Select(Numbers)],
            Updates = [.. root.GetProperty("hyperparameter_trace").EnumerateArray().Select(update =>
                update.EnumerateObject().SelectMany(h => Numbers(h.Value).Select(q => KeyValuePair.Create($"{h.Name}.{q.Key}", q.Value))).ToDictionary())],
        };
        return trace.Fault() is { } fault ? throw new FormatException(fault) : trace;
    }

    private string? Fault()
    {
        if (Dataset is null || Algorithm is null)
            return "Its data set or algorithm has no name.";
        if (LayerWidths.Length == 0 || Steps.Count == 0)
            return "It has no weights or no steps.";
        if (Interval < 1)
            return $"The update interval must be at least 1, but is {Interval}.";
        return _starts.FirstOrDefault(name => !InitialRaw.ContainsKey(name)) is { } missing ? $"The number '{missing}' is not in 'initial'." : null;
    }

    private static Dictionary<string, double> Numbers(JsonElement element) =>
        element.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).ToDictionary(p => p.Name, p => p.Value.GetDouble());
}
