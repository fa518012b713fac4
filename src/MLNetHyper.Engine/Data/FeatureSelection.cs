namespace MLNetHyper.Engine;

/// <summary>Some of many features: those that a network was trained on. It sees nothing of the others.</summary>
internal sealed class FeatureSelection : InputTransform
{
    internal const string FileTag = "selection";

    /// <summary>Features from which on it is worth leaving some out.</summary>
    internal const int Many = 1024;

    private readonly int[] _places;

    /// <param name="count">How many features there are.</param>
    /// <param name="places">Which of them are taken, at least one, ascending.</param>
    /// <exception cref="ArgumentException">A place is none, or they do not ascend.</exception>
    internal FeatureSelection(int count, params ReadOnlySpan<int> places) : base(count, places.Length)
    {
        if (places.IsEmpty || places[0] < 0 || places[^1] >= count)
            throw new ArgumentException($"Of {count} features at least one must be taken, and none beyond them.", nameof(places));
        for (int i = 1; i < places.Length; i++)
        {
            if (places[i] <= places[i - 1])
                throw new ArgumentException($"Places must ascend, but {places[i]} comes behind {places[i - 1]}.", nameof(places));
        }
        _places = places.ToArray();
    }

    /// <summary>Selects the given features, or the first where there are none: a network has an input, if only one that says nothing. Null where all are.</summary>
    internal static FeatureSelection? Of(int count, int[] places) => places.Length == count ? null : new(count, places.Length > 0 ? places : [0]);

    /// <summary>The places of the features that are taken, ascending.</summary>
    public ReadOnlySpan<int> Places => _places;

    internal override string Tag => FileTag;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        if (values.Length != InputWidth || transformed.Length != OutputWidth)
            throw new ArgumentException($"{OutputWidth} of {InputWidth} features are taken, but {values.Length} are to become {transformed.Length}.", nameof(values));
        for (int i = 0; i < _places.Length; i++)
            transformed[i] = values[_places[i]];
    }

    /// <inheritdoc/>
    public override (double[] Weights, double[] Bias)? FoldIntoFirstLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        if (weights.Length != (long)bias.Length * OutputWidth)
            throw new ArgumentException($"{bias.Length} units of {OutputWidth} inputs need {(long)bias.Length * OutputWidth} weights, but there are {weights.Length}.", nameof(weights));
        double[] folded = new double[(long)bias.Length * InputWidth];
        for (int i = 0; i < weights.Length; i++)
            folded[(i / OutputWidth * InputWidth) + _places[i % OutputWidth]] = weights[i];
        return (folded, bias.ToArray());
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(InputWidth);
        writer.Write(_places, writer.Write);
    }

    internal static FeatureSelection Read(BinaryReader reader) => new(reader.ReadInt32(), reader.ReadArray(sizeof(int), reader.ReadInt32));

    internal override string WriteOnnx(IOnnxGraph graph, string rows) =>
        graph.AddNode("Gather", [rows, graph.AddIndices("Places", _places.Select(place => (long)place))], ("axis", 1));
}
