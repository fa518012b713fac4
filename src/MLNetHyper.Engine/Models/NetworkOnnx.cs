namespace MLNetHyper.Engine;

/// <summary>Writes a network as ONNX operators, in the order in which <see cref="NetworkScorer"/> scores a row.</summary>
internal static class NetworkOnnx
{
    /// <returns>The name of the raw outputs.</returns>
    internal static string Write(Architecture architecture, float[] weights, string values, IOnnxGraph graph)
    {
        NetworkShape.Layer[] layers = new NetworkShape(architecture).Layers;
        for (int l = 0; l < layers.Length; l++)
        {
            NetworkShape.Layer layer = layers[l];
            string matrix = graph.AddConstant("Weights", weights[layer.Weight..layer.Bias], layer.Outputs, layer.Inputs);
            values = graph.AddNode("Gemm", [values, matrix, graph.AddConstant("Biases", weights[layer.Bias..(layer.Bias + layer.Outputs)], layer.Outputs)], ("transB", 1));
            if (l < layers.Length - 1)
                values = Activate(architecture.Activation, values, graph);
        }
        return values;
    }

    private static string Activate(Activation activation, string x, IOnnxGraph graph) => activation switch
    {
        Activation.Relu => graph.AddNode("Relu", [x]),
        Activation.Tanh => graph.AddNode("Tanh", [x]),
        Activation.Gelu => Gelu(x, graph),
        _ => x,
    };

    // ½x(1 + tanh(√(2/π)(x + 0.044715x³))), as training has it.
    private static string Gelu(string x, IOnnxGraph graph)
    {
        string cube = graph.AddNode("Mul", [graph.AddNode("Mul", [x, x]), x]);
        string inner = graph.AddNode("Add", [x, Times(cube, 0.044715f)]);
        string tanh = graph.AddNode("Tanh", [Times(inner, 0.7978845608f)]);
        string sum = graph.AddNode("Add", [tanh, graph.AddConstant("One", [1], 1)]);
        return Times(graph.AddNode("Mul", [x, sum]), 0.5f);

        string Times(string values, float factor) => graph.AddNode("Mul", [values, graph.AddConstant("Factor", [factor], 1)]);
    }
}
