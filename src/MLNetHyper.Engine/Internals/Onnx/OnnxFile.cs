namespace MLNetHyper.Engine;

/// <summary>An ONNX model as it grows, and its file. Field numbers are those of onnx.proto3 (IR version 7).</summary>
internal sealed class OnnxFile : IOnnxGraph
{
    /// <summary>The dimension of rows, of which there may be any number.</summary>
    private const string Rows = "N";

    private const int IrVersion = 7, OperatorSet = 12, LearningOperatorSet = 2;
    private const string LearningDomain = "ai.onnx.ml";

    private readonly ProtobufWriter _nodes = new(), _constants = new(), _inputs = new(), _outputs = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What a tensor's elements are.</summary>
    internal enum Element
    {
        Single = 1,
        Int64 = 7,
        Text = 8,
        Double = 11,
    }

    /// <summary>Adds an input of one value per row.</summary>
    internal string AddInput(string name, Element element)
    {
        string own = Unique(name);
        _inputs.Message(11, Tensor(own, element, 1));
        return own;
    }

    /// <summary>Names an input of numbers, of which NaN is missing, and standardizes it.</summary>
    /// <param name="name">The input.</param>
    /// <param name="mean">What is subtracted.</param>
    /// <param name="deviation">What is then divided by, unless it is 0.</param>
    /// <param name="greatest">Where larger numbers are cut.</param>
    /// <returns>The names of the standardized numbers, where 0 stands for what is missing, and of 1 where it is.</returns>
    internal (string Numbers, string Missing) AddStandardized(string name, double mean, double deviation, float greatest)
    {
        string numbers = AddInput(name, Element.Double);
        string standardized = AddNode("Cast", [AddNode("Div", [AddNode("Sub", [numbers, AddDouble("Mean", mean)]), AddDouble("Deviation", deviation > 0 ? deviation : 1)])], ("to", (long)Element.Single));
        string missing = AddNode("IsNaN", [standardized]);
        string filled = AddNode("Where", [missing, AddConstant("Zero", [0], 1), standardized]);
        string bounded = AddNode("Min", [AddNode("Max", [filled, AddConstant("Least", [-greatest], 1)]), AddConstant("Greatest", [greatest], 1)]);
        return (bounded, AddNode("Cast", [missing], ("to", (long)Element.Single)));
    }

    /// <summary>Names a value as a result, of one value per row or of several.</summary>
    internal void AddOutput(string value, string name, Element element, params ReadOnlySpan<int> width)
    {
        AddNode("Identity", [value], name, "");
        _outputs.Message(12, Tensor(name, element, width));
    }

    /// <summary>Keeps a name from inputs and values, since an output is to have it.</summary>
    internal void Reserve(string name) => _names.Add(name);

    public string AddConstant(string name, IEnumerable<float> values, params long[] dimensions) => Constant<float>(name, Element.Single, [.. values], dimensions);

    public string AddIndices(string name, IEnumerable<long> values)
    {
        long[] places = [.. values];
        return Constant<long>(name, Element.Int64, places, [places.Length]);
    }

    internal string AddDouble(string name, double value) => Constant<double>(name, Element.Double, [value], [1]);

    /// <summary>A constant without dimensions.</summary>
    internal string AddScalar(string name, long value) => Constant<long>(name, Element.Int64, [value], []);

    public string AddNode(string operation, IReadOnlyList<string> inputs, params (string Name, long Value)[] attributes) => AddNode(operation, inputs, Unique(operation), "", [.. attributes.Select(a => Attribute(a.Name, 2, 3, a.Value))]);

    /// <summary>From texts to places in a list; what is not in it gets the number behind its end.</summary>
    internal string AddPlaces(string texts, IReadOnlyList<(string Text, long Place)> known, long other) =>
        AddNode("LabelEncoder", [texts], Unique("Places"), LearningDomain, Texts("keys_strings", known.Select(k => k.Text)), Integers("values_int64s", known.Select(k => k.Place)), Attribute("default_int64", 2, 3, other));

    /// <summary>From places in a list to its texts.</summary>
    internal string AddTexts(string places, IReadOnlyList<string> texts) =>
        AddNode("LabelEncoder", [places], Unique("Texts"), LearningDomain, Integers("keys_int64s", Enumerable.Range(0, texts.Count).Select(i => (long)i)), Texts("values_strings", texts));

    /// <summary>Writes the file, whole or not at all.</summary>
    internal void Save(string path, string description)
    {
        var graph = new ProtobufWriter().Text(2, "network");
        var model = new ProtobufWriter().Integer(1, IrVersion).Text(2, "MLNetHyper").Text(6, description);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(model.Bytes.Span);
            // A message in parts is one message: fields that may recur are joined.
            foreach (ProtobufWriter part in new[] { graph, _nodes, _constants, _inputs, _outputs })
                stream.Write(new ProtobufWriter().Message(7, part).Bytes.Span);
            stream.Write(new ProtobufWriter().Message(8, OperatorSetOf("", OperatorSet)).Message(8, OperatorSetOf(LearningDomain, LearningOperatorSet)).Bytes.Span);
        });
    }

    private string AddNode(string operation, IReadOnlyList<string> inputs, string output, string domain, params ProtobufWriter[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, operation);
        foreach (ProtobufWriter attribute in attributes)
            node.Message(5, attribute);
        if (domain.Length > 0)
            node.Text(7, domain);
        _nodes.Message(1, node);
        return output;
    }

    private string Constant<T>(string name, Element element, ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions) where T : unmanaged
    {
        string own = Unique(name);
        var tensor = new ProtobufWriter();
        foreach (long dimension in dimensions)
            tensor.Integer(1, dimension);
        _constants.Message(5, tensor.Integer(2, (int)element).Text(8, own).Raw(9, values));
        return own;
    }

    private static ProtobufWriter Tensor(string name, Element element, params ReadOnlySpan<int> width)
    {
        var shape = new ProtobufWriter().Message(1, new ProtobufWriter().Text(2, Rows));
        foreach (int dimension in width)
            shape.Message(1, new ProtobufWriter().Integer(1, dimension));
        var type = new ProtobufWriter().Message(1, new ProtobufWriter().Integer(1, (int)element).Message(2, shape));
        return new ProtobufWriter().Text(1, name).Message(2, type);
    }

    private static ProtobufWriter Attribute(string name, int type, int field, long value) => new ProtobufWriter().Text(1, name).Integer(field, value).Integer(20, type);

    private static ProtobufWriter Integers(string name, IEnumerable<long> values) => values.Aggregate(new ProtobufWriter().Text(1, name), (attribute, value) => attribute.Integer(8, value)).Integer(20, 7);

    private static ProtobufWriter Texts(string name, IEnumerable<string> values) => values.Aggregate(new ProtobufWriter().Text(1, name), (attribute, value) => attribute.Text(9, value)).Integer(20, 8);

    private static ProtobufWriter OperatorSetOf(string domain, long version) => new ProtobufWriter().Text(1, domain).Integer(2, version);

    private string Unique(string name)
    {
        string own = name;
        for (int i = 1; !_names.Add(own); i++)
            own = $"{name}{i}";
        return own;
    }
}
