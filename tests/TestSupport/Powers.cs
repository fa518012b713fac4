namespace MLNetHyper.Engine.Tests;

/// <summary>A transform that widens: of every number itself and its square, side by side.</summary>
internal sealed class Powers(int inputs) : InputTransform(inputs, 2 * inputs)
{
    internal override string Tag => "powers";

    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        for (int i = 0; i < values.Length; i++)
            (transformed[2 * i], transformed[(2 * i) + 1]) = (values[i], values[i] * values[i]);
    }

    internal static Examples<float> Widened(Examples<float> rows)
    {
        float[] wide = new float[2 * rows.Features.Length];
        new Powers(rows.Features.Length).Apply(rows.Features, wide);
        return new(wide, 2 * rows.FeatureCount, rows.Targets, rows.Weights);
    }

    internal override IEnumerable<int> OutputsOf(int input) => [2 * input, (2 * input) + 1];

    internal override void Write(BinaryWriter writer)
    {
    }

    internal override string WriteOnnx(IOnnxGraph graph, string rows)
    {
        string pairs = graph.AddNode("Concat", [rows, graph.AddNode("Mul", [rows, rows])], ("axis", 1));
        return graph.AddNode("Gather", [pairs, graph.AddIndices("Order", Enumerable.Range(0, 2 * InputWidth).Select(i => (long)((i / 2) + (i % 2 * InputWidth))))], ("axis", 1));
    }
}
