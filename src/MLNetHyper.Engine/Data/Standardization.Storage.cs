namespace MLNetHyper.Engine;

public sealed partial class Standardization
{
    internal const string FileTag = "standardization";

    internal override string Tag => FileTag;

    /// <summary>Leaves values as they are, but for what no network takes.</summary>
    internal static Standardization Identity(int count)
    {
        double[] ones = new double[count];
        Array.Fill(ones, 1);
        return new(new double[count], ones);
    }

    /// <summary>The same of other values.</summary>
    /// <param name="values">Which value comes at each place; below 0 for one that is left as it is.</param>
    internal Standardization Select(IReadOnlyList<int> values) =>
        new([.. values.Select(k => k < 0 ? 0 : _offsets[k])], [.. values.Select(k => k < 0 ? 1 : _scales[k])]);

    /// <summary>Standardizes labels in place, where there is anything to do.</summary>
    internal void ApplyToLabels(Span<float> labels)
    {
        if (_offsets[0] == 0 && _scales[0] == 1)
            return;
        foreach (ref float label in labels)
            label = (float)Apply(label, 0);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(_offsets, writer.Write);
        writer.Write(_scales, writer.Write);
    }

    internal static Standardization Read(BinaryReader reader) =>
        new(reader.ReadArray(sizeof(double), reader.ReadDouble), reader.ReadArray(sizeof(double), reader.ReadDouble));

    // Offsets in two parts, since one single-precision number would lose the digits of large ones; then missing values to the mean, and cut.
    internal override string WriteOnnx(IOnnxGraph graph, string rows)
    {
        float[] large = Array.ConvertAll(_offsets, o => (float)o), small = [.. _offsets.Zip(large, (o, l) => (float)(o - l))];
        string values = graph.AddNode("Sub", [rows, Row("Offsets", large)]);
        if (small.Any(s => s != 0))
            values = graph.AddNode("Sub", [values, Row("OffsetRests", small)]);
        values = graph.AddNode("Div", [values, Row("Scales", Array.ConvertAll(_scales, s => (float)s))]);
        values = graph.AddNode("Where", [graph.AddNode("IsNaN", [values]), graph.AddConstant("Mean", [0], 1), values]);
        values = graph.AddNode("Max", [values, graph.AddConstant("Least", [(float)-MaximumMagnitude], 1)]);
        return graph.AddNode("Min", [values, graph.AddConstant("Greatest", [(float)MaximumMagnitude], 1)]);

        string Row(string name, float[] numbers) => graph.AddConstant(name, numbers, 1, numbers.Length);
    }
}
