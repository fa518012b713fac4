namespace MLNetHyper.Engine;

/// <summary>What a model needs of an ONNX graph, whoever writes it. Operators must be those of opset 9, and mean the same up to opset 12.</summary>
internal interface IOnnxGraph
{
    /// <summary>Adds constant numbers.</summary>
    /// <returns>Their name, unlike any other.</returns>
    string AddConstant(string name, IEnumerable<float> values, params long[] dimensions);

    /// <summary>Adds constant places, such as Gather takes.</summary>
    /// <returns>Their name, unlike any other.</returns>
    string AddIndices(string name, IEnumerable<long> values);

    /// <summary>Adds an operator of ONNX's own domain.</summary>
    /// <returns>The name of its output.</returns>
    string AddNode(string operation, IReadOnlyList<string> inputs, params (string Name, long Value)[] attributes);
}
