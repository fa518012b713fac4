namespace MLNetHyper.Engine;

/// <summary>Scores rows of features by one or several networks of a shape. For one thread.</summary>
internal sealed class ModelScorer(IReadOnlyList<NetworkScorer> networks, IReadOnlyList<InputTransform> inputs, OutputTransform output)
{
    private readonly NetworkScorer[] _networks = [.. networks];
    private readonly PiecewiseLinearEncoding? _encoding = networks[0].Encoding;
    private readonly TransformedRow _row = new(networks[0].Encoding is null ? inputs : [.. inputs.SkipLast(1)]);
    private readonly int[] _places = new int[networks[0].Encoding?.Binned.Length ?? 0];
    private readonly float[] _shares = new float[networks[0].Encoding?.Binned.Length ?? 0];
    private readonly int _outputs = networks[0].Architecture.Outputs;
    private readonly float[] _raw = new float[networks.Count * networks[0].Architecture.Outputs];
    private readonly float[] _scratch = new float[networks[0].ScratchLength];

    /// <summary>Scores one row.</summary>
    /// <param name="features">The row.</param>
    /// <param name="outputs">One value in the label's units, one logit, or the logits of all classes.</param>
    internal void Score(ReadOnlySpan<float> features, Span<double> outputs)
    {
        features = _row.Apply(features);
        _encoding?.Locate(features, _places, _shares);
        for (int k = 0; k < _networks.Length; k++)
        {
            Span<float> raw = _raw.AsSpan(k * _outputs, _outputs);
            if (_encoding is null)
                _networks[k].Score(features, raw, _scratch);
            else
                _networks[k].ScoreBinned(features, _places, _shares, raw, _scratch);
        }
        output.Apply(_raw, outputs);
    }

    /// <summary>Scores row-major rows.</summary>
    internal double[] Score(ReadOnlySpan<float> features, int rows)
    {
        double[] outputs = new double[(long)rows * _outputs];
        int width = rows == 0 ? 0 : features.Length / rows;
        for (int row = 0; row < rows; row++)
            Score(features.Slice(row * width, width), outputs.AsSpan(row * _outputs, _outputs));
        return outputs;
    }
}
