namespace MLNetHyper.Engine;

/// <summary>
/// Where a layer lies in a <see cref="NetworkScorer"/>'s weights. Usually inputs are rows of units, so that an input is broadcast to all
/// units at once. A last layer of fewer outputs than a vector has units as rows of inputs, and takes inner products; not of a few features,
/// for which that would have to copy them.
/// </summary>
internal readonly unsafe struct ScorerLayer
{
    internal ScorerLayer(NetworkShape.Layer layer, bool isFirst, bool isLast, int start, int width)
    {
        Inputs = layer.Inputs;
        Units = layer.Outputs;
        PaddedInputs = Padded(Inputs, width);
        PaddedUnits = Padded(Units, width);
        IsInner = isLast && Units < width && !(isFirst && Inputs <= 2 * width);
        Weight = start;
        Bias = checked(start + (IsInner ? Units * PaddedInputs : Inputs * PaddedUnits));
    }

    internal int Inputs { get; }

    internal int Units { get; }

    /// <summary>Whether outputs are inner products.</summary>
    internal bool IsInner { get; }

    /// <summary>The first weight's place.</summary>
    internal int Weight { get; }

    /// <summary>The first bias's place; as many as <see cref="PaddedUnits"/>.</summary>
    internal int Bias { get; }

    internal int PaddedInputs { get; }

    internal int PaddedUnits { get; }

    /// <summary>The room that weights and biases take.</summary>
    internal int Length => checked(Bias - Weight + PaddedUnits);

    /// <summary>Copies the weights; what is padding stays zero.</summary>
    internal void Fill(float* target, ReadOnlySpan<float> weights, NetworkShape.Layer layer)
    {
        for (int unit = 0; unit < Units; unit++)
        {
            for (int input = 0; input < Inputs; input++)
            {
                nint at = IsInner ? ((nint)unit * PaddedInputs) + input : ((nint)input * PaddedUnits) + unit;
                target[Weight + at] = weights[layer.Weight + (unit * Inputs) + input];
            }
            target[Bias + unit] = weights[layer.Bias + unit];
        }
    }

    private static int Padded(int count, int width) => checked(count + width - 1) / width * width;
}
