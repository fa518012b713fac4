using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Bridge;

/// <summary>A row for all three tasks.</summary>
internal sealed class SampleRow
{
    public float A { get; set; }

    public float B { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public float Number { get; set; }

    public bool Truth { get; set; }

    public string Name { get; set; } = "";

    internal static SampleRow[] Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float a = (2 * random.NextSingle()) - 1, b = (2 * random.NextSingle()) - 1;
            return new SampleRow { A = a, B = b, Features = [a, b], Number = a + (a * b), Truth = a + b > 0, Name = a > 0.3 ? "red" : b > 0 ? "green" : "blue" };
        })];
    }

    // Concatenate gives the features the slot names that importance by name needs.
    internal static IDataView Load(MLContext context, int count)
    {
        IDataView data = context.Data.LoadFromEnumerable(Rows(count));
        return context.Data.Cache(context.Transforms.Conversion.MapValueToKey("Kind", "Name")
            .Append(context.Transforms.CopyColumns("a", "A")).Append(context.Transforms.CopyColumns("b", "B"))
            .Append(context.Transforms.Concatenate("Features", "a", "b")).Fit(data).Transform(data));
    }
}
