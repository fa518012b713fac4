using Microsoft.ML;

namespace MLNetHyper.Tests.Onnx;

/// <summary>A graph that can be run: plainly, one operation after the other, as the ONNX specification says.</summary>
internal sealed class OnnxModel
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxValueInfo> _declared = [];

    public OnnxModel(OnnxGraph graph)
    {
        _graph = graph;
        foreach (OnnxValueInfo value in (OnnxValueInfo[])[.. graph.Inputs, .. graph.Intermediates, .. graph.Outputs])
            _declared[value.Name] = value;
    }

    public IReadOnlyList<OnnxNode> Nodes => _graph.Nodes;

    public IReadOnlyList<OnnxValueInfo> Inputs => _graph.Inputs;

    public IReadOnlyList<OnnxValueInfo> Outputs => _graph.Outputs;

    public static OnnxModel Load(Stream stream) => new(OnnxReader.Read(stream));

    /// <summary>The model as ML.NET exports it.</summary>
    public static OnnxModel Export(MLContext context, ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        context.Model.ConvertToOnnx(model, data, stream);
        stream.Position = 0;
        return Load(stream);
    }

    /// <summary>The graph's outputs for its inputs.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        Dictionary<string, OnnxTensor> values = new(_graph.Initialisers);
        foreach (OnnxValueInfo input in _graph.Inputs)
        {
            // An initialiser of an input's name is that input's default.
            if (inputs.TryGetValue(input.Name, out OnnxTensor? tensor))
                values[input.Name] = tensor;
            else if (!values.TryGetValue(input.Name, out tensor))
                throw new ArgumentException($"The input '{input.Name}' is missing.");
            CheckType(input.Name, tensor);
            if (input.Shape is int[] shape && !Fits(tensor.Shape, shape))
                throw new ArgumentException($"The input '{input.Name}' is {tensor}, declared as [{string.Join(", ", shape)}].");
        }

        if (inputs.Keys.FirstOrDefault(name => _graph.Inputs.All(input => input.Name != name)) is string unknown)
            throw new ArgumentException($"The graph has no input '{unknown}'.");
        foreach (OnnxNode node in _graph.Nodes)
            Evaluate(node, values);
        return _graph.Outputs.ToDictionary(output => output.Name, output => Value(values, output.Name));
    }

    /// <summary>One output for every row of the data, whose columns bear the names of the graph's inputs.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="outputName">The output, or the column that ML.NET calls "NAME.output" in the graph.</param>
    public OnnxTensor Score(IDataView data, string outputName)
    {
        IReadOnlyDictionary<string, OnnxTensor> outputs = Run(OnnxColumns.Read(data, _graph.Inputs));
        return outputs.TryGetValue(outputName, out OnnxTensor? output) ? output : Value(outputs, outputName + ".output");
    }

    private static bool Fits(int[] sizes, int[] declared)
        => sizes.Length == declared.Length && sizes.Zip(declared).All(pair => pair.Second < 0 || pair.First == pair.Second);

    private static OnnxTensor Value(IReadOnlyDictionary<string, OnnxTensor> values, string name)
        => values.TryGetValue(name, out OnnxTensor? value)
            ? value
            : throw new ArgumentException($"There is no '{name}' among {string.Join(", ", values.Keys)}.");

    private void Evaluate(OnnxNode node, Dictionary<string, OnnxTensor> values)
    {
        // An input that is left out has an empty name.
        OnnxTensor?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null : Value(values, name))];
        OnnxTensor[] outputs = OnnxOperators.Evaluate(node, inputs);
        if (node.Outputs.Length > outputs.Length)
            throw new NotSupportedException($"{node}: only the first {outputs.Length} outputs are supported.");
        for (int i = 0; i < node.Outputs.Length; i++)
        {
            if (node.Outputs[i].Length == 0)
                continue;
            CheckType(node.Outputs[i], outputs[i]);
            if (!values.TryAdd(node.Outputs[i], outputs[i]))
                throw new InvalidDataException($"{node}: '{node.Outputs[i]}' has a value already.");
        }
    }

    /// <summary>A runtime refuses a graph whose declared types are not those of its operations.</summary>
    private void CheckType(string name, OnnxTensor tensor)
    {
        if (_declared.TryGetValue(name, out OnnxValueInfo? value) && value.ElementType != tensor.ElementType)
            throw new InvalidDataException($"'{name}' is declared as {value.ElementType.Name}, but is {tensor}.");
    }
}
