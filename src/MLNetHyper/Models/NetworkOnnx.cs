using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Writes a network as ONNX operators, in the order in which <see cref="TrainedNetwork"/> scores a row.</summary>
internal static class NetworkOnnx
{
    internal static void Write(TrainedNetwork network, OnnxGraph graph)
    {
        string values = Standardize(network.FeatureStandardization, graph);
        int[] widths = [network.FeatureCount, .. network.HiddenLayers, network.OutputCount];
        bool scaled = network.LabelStandardization.Scales[0] != 1 || network.LabelStandardization.Offsets[0] != 0;
        int at = 0;
        for (int l = 1; l < widths.Length; l++)
        {
            (int inputs, int units) = (widths[l - 1], widths[l]);
            string weights = graph.AddConstant("Weights", Take(units * inputs), units, inputs), biases = graph.AddConstant("Biases", Take(units), units);
            bool last = l == widths.Length - 1;
            values = graph.AddNode("Gemm", [values, weights, biases], last && !scaled ? graph.Output : null, ("transB", 1));
            if (!last)
                values = Activate(network.Activation, values, graph);
        }
        if (!scaled)
            return;
        values = graph.AddNode("Mul", [values, graph.AddConstant("LabelScale", [(float)network.LabelStandardization.Scales[0]], 1)]);
        graph.AddNode("Add", [values, graph.AddConstant("LabelOffset", [(float)network.LabelStandardization.Offsets[0]], 1)], graph.Output);

        float[] Take(int count)
        {
            at += count;
            return network.Weights[(at - count)..at].ToArray();
        }
    }

    /// <summary>Offsets in two parts, since one single-precision number would lose the digits of large ones; then cut, and missing values to the mean.</summary>
    private static string Standardize(Standardization features, OnnxGraph graph)
    {
        double[] offsets = features.Offsets.ToArray();
        float[] large = Array.ConvertAll(offsets, o => (float)o), small = [.. offsets.Zip(large, (o, l) => (float)(o - l))];
        string values = graph.AddNode("Sub", [graph.Features, Row("Offsets", large)]);
        if (small.Any(s => s != 0))
            values = graph.AddNode("Sub", [values, Row("OffsetRests", small)]);
        values = graph.AddNode("Div", [values, Row("Scales", Array.ConvertAll(features.Scales.ToArray(), s => (float)s))]);
        values = graph.AddNode("Where", [graph.AddNode("IsNaN", [values]), graph.AddConstant("Mean", [0], 1), values]);
        values = graph.AddNode("Max", [values, graph.AddConstant("Least", [(float)-Standardization.MaximumMagnitude], 1)]);
        return graph.AddNode("Min", [values, graph.AddConstant("Greatest", [(float)Standardization.MaximumMagnitude], 1)]);

        string Row(string name, float[] numbers) => graph.AddConstant(name, numbers, 1, numbers.Length);
    }

    private static string Activate(Activation activation, string x, OnnxGraph graph) => activation switch
    {
        Activation.Relu => graph.AddNode("Relu", [x]),
        Activation.Tanh => graph.AddNode("Tanh", [x]),
        Activation.Gelu => Gelu(x, graph),
        _ => x,
    };

    // ½x(1 + tanh(√(2/π)(x + 0.044715x³))), as training has it.
    private static string Gelu(string x, OnnxGraph graph)
    {
        string cube = graph.AddNode("Mul", [graph.AddNode("Mul", [x, x]), x]);
        string inner = graph.AddNode("Add", [x, Times(cube, 0.044715f)]);
        string tanh = graph.AddNode("Tanh", [Times(inner, 0.7978845608f)]);
        string sum = graph.AddNode("Add", [tanh, graph.AddConstant("One", [1], 1)]);
        return Times(graph.AddNode("Mul", [x, sum]), 0.5f);

        string Times(string values, float factor) => graph.AddNode("Mul", [values, graph.AddConstant("Factor", [factor], 1)]);
    }
}
