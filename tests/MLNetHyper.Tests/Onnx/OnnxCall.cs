namespace MLNetHyper.Tests.Onnx;

/// <summary>One evaluation of a node: its inputs, and its attributes, each of which must be asked for.</summary>
internal sealed class OnnxCall(OnnxNode node, OnnxTensor?[] inputs)
{
    private readonly HashSet<string> _asked = [];

    public int InputCount => inputs.Length;

    public OnnxTensor[] Inputs => [.. Enumerable.Range(0, inputs.Length).Select(Input)];

    public OnnxTensor Input(int index) => Optional(index) ?? throw new ArgumentException($"{node}: input {index} is missing.");

    public OnnxTensor? Optional(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>Numbers as float, which is what most operators of ai.onnx.ml calculate in.</summary>
    public OnnxTensor FloatInput(int index) => CastOperator.To(Input(index), typeof(float));

    public bool Has(string attribute) => node.Attributes.ContainsKey(attribute);

    public T Attribute<T>(string attribute, T otherwise) => Has(attribute) ? Attribute<T>(attribute) : otherwise;

    public T Attribute<T>(string attribute)
    {
        _asked.Add(attribute);
        return !node.Attributes.TryGetValue(attribute, out object? value)
            ? throw new ArgumentException($"{node}: the attribute '{attribute}' is missing.")
            : value is T typed
                ? typed
                : throw new ArgumentException($"{node}: the attribute '{attribute}' is a {value.GetType().Name}, not a {typeof(T).Name}.");
    }

    public bool Flag(string attribute, bool otherwise) => Attribute<long>(attribute, otherwise ? 1 : 0) != 0;

    /// <summary>Attributes that the specification gives no effect on this result.</summary>
    public void Ignore(params string[] attributes) => _asked.UnionWith(attributes);

    public NotSupportedException Unsupported(string what) => new($"{node}: {what} is not supported.");

    /// <summary>An attribute or input that nobody asked for would have changed the result.</summary>
    public void CheckUse(int mostInputs)
    {
        if (node.Attributes.Keys.FirstOrDefault(attribute => !_asked.Contains(attribute)) is string unknown)
            throw Unsupported($"the attribute '{unknown}'");
        if (inputs.Length > mostInputs)
            throw Unsupported($"the input {mostInputs}");
    }
}
