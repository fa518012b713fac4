using Google.Protobuf;

namespace MLNetHyper.Tests.Onnx;

/// <summary>The bytes of a model as a graph. The field numbers are those of onnx.proto.</summary>
internal static class OnnxReader
{
    /// <summary>The operators are written after these versions; another may mean another thing by the same name.</summary>
    private static readonly Dictionary<string, long[]> _versions = new() { [""] = [11, 12], ["ai.onnx.ml"] = [2] };

    public static OnnxGraph Read(Stream stream)
    {
        var model = new ProtoMessage("ModelProto", ByteString.FromStream(stream), 1, 2, 3, 4, 5, 6, 7, 8);
        foreach (ProtoMessage set in model.Messages(8, "OperatorSetIdProto", 1, 2))
            if (!_versions.TryGetValue(Domain(set.String(1)), out long[]? versions) || !versions.Contains(set.Long(2)))
                throw new NotSupportedException($"Version {set.Long(2)} of the operators '{set.String(1)}' is not supported.");
        ProtoMessage graph = model.Messages(7, "GraphProto", 1, 2, 5, 10, 11, 12, 13).Single();
        return new(
            [.. graph.Messages(1, "NodeProto", 1, 2, 3, 4, 5, 6, 7).Select(Node)],
            graph.Messages(5, "TensorProto", 1, 2, 4, 5, 6, 7, 8, 9, 10, 11).ToDictionary(tensor => tensor.String(8), Tensor),
            Values(graph, 11), Values(graph, 12), Values(graph, 13));
    }

    private static string Domain(string written) => written == "ai.onnx" ? "" : written;

    private static OnnxNode Node(ProtoMessage node)
    {
        Dictionary<string, object> attributes = [];
        foreach (ProtoMessage attribute in node.Messages(5, "AttributeProto", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 20))
            attributes.Add(attribute.String(1), Attribute(attribute));
        return new(Domain(node.String(7)), node.String(4), node.Strings(1), node.Strings(2), attributes);
    }

    private static object Attribute(ProtoMessage attribute) => attribute.Long(20) switch
    {
        1 => attribute.Float(2),
        2 => attribute.Long(3),
        3 => attribute.String(4),
        6 => attribute.Floats(7),
        7 => attribute.Longs(8),
        8 => attribute.Strings(9),
        long type => throw new NotSupportedException($"The attribute '{attribute.String(1)}' has the type {type}."),
    };

    private static OnnxTensor Tensor(ProtoMessage tensor)
    {
        if (tensor.Has(9))
            throw new NotSupportedException($"The initialiser '{tensor.String(8)}' has raw data.");
        Array values = OnnxTensor.TypeOf(tensor.Long(2)) switch
        {
            Type type when type == typeof(float) => tensor.Floats(4),
            Type type when type == typeof(double) => tensor.Doubles(10),
            Type type when type == typeof(string) => tensor.Strings(6),
            Type type when type == typeof(long) => tensor.Longs(7),
            Type type when type == typeof(ulong) => Array.ConvertAll(tensor.Longs(11), value => (ulong)value),
            Type type when type == typeof(uint) => Array.ConvertAll(tensor.Longs(11), value => checked((uint)value)),
            Type type when type == typeof(bool) => Array.ConvertAll(tensor.Longs(5), value => value != 0),
            Type type when type == typeof(int) => Array.ConvertAll(tensor.Longs(5), value => checked((int)value)),
            Type type => throw new NotSupportedException($"The initialiser '{tensor.String(8)}' is of {type.Name}."),
        };
        return new(values, Array.ConvertAll(tensor.Longs(1), size => checked((int)size)));
    }

    private static OnnxValueInfo[] Values(ProtoMessage graph, int field)
        => [.. graph.Messages(field, "ValueInfoProto", 1, 2, 3).Select(Value)];

    private static OnnxValueInfo Value(ProtoMessage value)
    {
        ProtoMessage tensor = value.Messages(2, "TypeProto", 1).Single().Messages(1, "TypeProto.Tensor", 1, 2).Single();
        ProtoMessage? shape = tensor.Messages(2, "TensorShapeProto", 1).SingleOrDefault();
        // A named size is as free as ML.NET's -1.
        int[]? sizes = shape is null
            ? null
            : [.. shape.Messages(1, "Dimension", 1, 2).Select(size => size.Has(1) ? checked((int)size.Long(1)) : -1)];
        return new(value.String(1), OnnxTensor.TypeOf(tensor.Long(1)), sizes);
    }
}
