using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// Scaling by quartiles and a smooth clip, <c>f(s(x - q½))</c> with <c>s = 1/(q¾ - q¼)</c> and <c>f(x) = x/√(1+(x/3)²)</c>: outliers neither stretch the
/// scale of the others nor leave [-3, 3] (Holzmüller et al. 2024, RealMLP).
/// </summary>
internal sealed class RobustScaling : InputTransform
{
    internal const string FileTag = "robust";

    private const float Limit = 3;

    // Beyond it the clip is at its limit to the last bit, and squares of larger numbers would overflow.
    private const float Far = 1e9f;

    private readonly float[] _medians;
    private readonly float[] _factors;

    /// <param name="medians">One per feature.</param>
    /// <param name="factors">The inverse scales, as many; 0 for a feature that does not vary.</param>
    /// <exception cref="ArgumentException">They are not as many, or not finite.</exception>
    internal RobustScaling(float[] medians, float[] factors) : base(medians.Length, medians.Length)
    {
        if (medians.Length != factors.Length || !medians.All(float.IsFinite) || !factors.All(float.IsFinite))
            throw new ArgumentException("Every feature needs a finite median and a finite factor.", nameof(factors));
        (_medians, _factors) = (medians, factors);
    }

    internal override string Tag => FileTag;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        if (values.Length != InputWidth || transformed.Length != InputWidth)
            throw new ArgumentException($"A row has {InputWidth} values, but {values.Length} are to become {transformed.Length}.", nameof(values));
        for (int i = 0; i < values.Length; i++)
            transformed[i] = Clip((values[i] - _medians[i]) * _factors[i]);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(_medians, writer.Write);
        writer.Write(_factors, writer.Write);
    }

    internal static RobustScaling Read(BinaryReader reader) => new(reader.ReadArray(sizeof(float), reader.ReadSingle), reader.ReadArray(sizeof(float), reader.ReadSingle));

    internal override string WriteOnnx(IOnnxGraph graph, string rows)
    {
        string scaled = graph.AddNode("Mul", [graph.AddNode("Sub", [rows, graph.AddConstant("Medians", _medians, 1, InputWidth)]), graph.AddConstant("Factors", _factors, 1, InputWidth)]);
        scaled = graph.AddNode("Max", [graph.AddNode("Min", [scaled, graph.AddConstant("Far", [Far], 1)]), graph.AddConstant("FarBelow", [-Far], 1)]);
        string share = graph.AddNode("Div", [scaled, graph.AddConstant("Limit", [Limit], 1)]);
        string root = graph.AddNode("Sqrt", [graph.AddNode("Add", [graph.AddConstant("One", [1], 1), graph.AddNode("Mul", [share, share])])]);
        return graph.AddNode("Div", [scaled, root]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Clip(float x)
    {
        x = Math.Clamp(x, -Far, Far);
        return x / MathF.Sqrt(1 + (x / Limit * (x / Limit)));
    }

    /// <summary>Learns the quartiles.</summary>
    internal sealed class Fitter(int width) : InputFitter
    {
        private readonly ColumnSample _sample = new(width);

        internal override void Add(ReadOnlySpan<float> row) => _sample.Add(row);

        internal override InputTransform ToTransform()
        {
            float[] medians = new float[width], factors = new float[width];
            for (int k = 0; k < width; k++)
            {
                float[] sorted = _sample.Sorted(k);
                float quartiles = ColumnSample.Quantile(sorted, 0.75) - ColumnSample.Quantile(sorted, 0.25), range = sorted[^1] - sorted[0];
                medians[k] = ColumnSample.Quantile(sorted, 0.5);
                // More than half of the values are the same: then the whole range counts, as for columns of 0 and 1.
                factors[k] = Inverse(1, quartiles) ?? Inverse(2, range) ?? 0;
            }
            return new RobustScaling(medians, factors);
        }

        private static float? Inverse(float numerator, float denominator) => denominator > 0 && float.IsFinite(numerator / denominator) ? numerator / denominator : null;
    }
}
