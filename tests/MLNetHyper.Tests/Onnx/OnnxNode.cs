namespace MLNetHyper.Tests.Onnx;

/// <summary>One operation of a graph.</summary>
/// <param name="Domain"></param>
/// <param name="Operator"></param>
/// <param name="Inputs"></param>
/// <param name="Outputs"></param>
/// <param name="Attributes">Values are float, long, string, or arrays of them.</param>
internal sealed record OnnxNode(
    string Domain, string Operator, string[] Inputs, string[] Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    public string Kind => Domain.Length == 0 ? Operator : $"{Domain}.{Operator}";

    public override string ToString() => $"{Kind} ({string.Join(", ", Inputs)}) -> ({string.Join(", ", Outputs)})";
}

/// <summary>What a graph says about a tensor.</summary>
/// <param name="Name"></param>
/// <param name="ElementType"></param>
/// <param name="Shape">Null where the graph is silent; a size below 0 is free.</param>
internal sealed record OnnxValueInfo(string Name, Type ElementType, int[]? Shape);

internal sealed record OnnxGraph(
    OnnxNode[] Nodes,
    IReadOnlyDictionary<string, OnnxTensor> Initialisers,
    OnnxValueInfo[] Inputs,
    OnnxValueInfo[] Outputs,
    OnnxValueInfo[] Intermediates);
