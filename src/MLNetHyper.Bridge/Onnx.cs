using Microsoft.ML.Model.OnnxConverter;

namespace MLNetHyper.Bridge;

/// <summary>The part of an ONNX graph that a model writes. Operators must be those of opset 9, and mean the same up to opset 12.</summary>
public sealed class OnnxGraph
{
    internal const int OldestOpset = 9;

    private readonly OnnxContext _context;

    internal OnnxGraph(OnnxContext context, string features, string output) => (_context, Features, Output) = (context, features, output);

    /// <summary>The features, a row per example.</summary>
    public string Features { get; }

    /// <summary>Where the raw outputs must arrive, a row per example.</summary>
    public string Output { get; }

    /// <summary>Adds constant numbers.</summary>
    /// <returns>Their name, unlike any other.</returns>
    public string AddConstant(string name, IEnumerable<float> values, params long[] dimensions) => _context.AddInitializer(values, dimensions, name);

    /// <summary>Adds constant places, such as Gather takes.</summary>
    /// <returns>Their name, unlike any other.</returns>
    public string AddIndices(string name, IEnumerable<long> values)
    {
        long[] all = [.. values];
        return _context.AddInitializer(all, [all.Length], name);
    }

    /// <summary>Adds an operator of ONNX's own domain.</summary>
    /// <param name="operation">Its name, such as Gemm.</param>
    /// <param name="inputs">Names that this graph knows.</param>
    /// <param name="output">Where to write; a new name if null.</param>
    /// <param name="attributes">Its attributes: int, long or float.</param>
    /// <returns>The output's name.</returns>
    public string AddNode(string operation, IReadOnlyList<string> inputs, string? output = null, params (string Name, object Value)[] attributes) =>
        AddNode("", operation, inputs, output, attributes);

    /// <summary>Adds an operator of another domain, such as ai.onnx.ml.</summary>
    /// <returns>The output's name.</returns>
    public string AddNode(string domain, string operation, IReadOnlyList<string> inputs, string? output, params (string Name, object Value)[] attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        output ??= _context.AddIntermediateVariable(null, operation + "Output", true);
        OnnxNode node = _context.CreateNode(operation, inputs, [output], _context.GetNodeName(operation), domain);
        foreach ((string name, object value) in attributes)
        {
            if (value is Type type)
                node.AddAttribute(name, type);
            else if (value is float number)
                node.AddAttribute(name, number);
            else
                node.AddAttribute(name, Convert.ToInt64(value, null));
        }
        return output;
    }
}
