using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A trained multilayer perceptron that takes raw features and gives raw values or logits. Immutable; may be used from several threads.</summary>
/// <remarks>
/// Features are standardized in double precision, then pass the layers in single precision, as in training. Folding the standardization
/// into the weights would lose the digits of features that are large beside their deviation, such as years; <see cref="Layers"/> has
/// that form, in double.
/// </remarks>
public sealed class TrainedNetwork
{
    private readonly Architecture _architecture;
    private readonly float[] _weights;
    private readonly Standardization _features;
    private readonly Standardization _target;
    private readonly Lazy<NetworkScorer> _scorer;

    // Of many features, most may have no weights: the network of the others, which is faster.
    private readonly Lazy<(FeatureSlots Slots, TrainedNetwork Network)?> _core;

    internal TrainedNetwork(Architecture architecture, float[] weights, Standardization features, Standardization target)
    {
        _architecture = architecture;
        _weights = weights;
        _features = features;
        _target = target;
        _scorer = new(() => new NetworkScorer(architecture, weights));
        _core = new(() => FeatureSlots.Weighing(this) is { } slots ? (slots, slots.Narrow(this)) : null);
    }

    /// <summary>Number of features.</summary>
    public int FeatureCount => _architecture.Inputs;

    /// <summary>Units of every hidden layer.</summary>
    public IReadOnlyList<int> HiddenLayers => _architecture.Hidden;

    /// <summary>The hidden layers' activation.</summary>
    public Activation Activation => _architecture.Activation;

    /// <summary>1 for regression and binary classification, otherwise the number of classes.</summary>
    public int OutputCount => _architecture.Outputs;

    /// <summary>The weights that training ended with, for standardized features: layer by layer, matrix (units × inputs) before biases.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Offset and scale by which features are standardized before the first layer.</summary>
    public Standardization FeatureStandardization => _features;

    /// <summary>Offset and scale of a regression's label, undone behind the last layer; 0 and 1 for classification.</summary>
    public Standardization LabelStandardization => _target;

    /// <summary>The layers with the standardization folded into the first and the last: they take raw features and give raw values or logits.</summary>
    public IReadOnlyList<DenseLayer> Layers => FoldedLayers();

    internal Architecture Architecture => _architecture;

    /// <summary>A function that writes the outputs for a row of features, for one thread.</summary>
    internal Action<ReadOnlySpan<float>, Span<float>> CreateScorer()
    {
        if (_core.Value is { } core)
        {
            Action<ReadOnlySpan<float>, Span<float>> score = core.Network.CreateScorer();
            float[] narrow = new float[core.Slots.UsedCount];
            return (features, outputs) =>
            {
                core.Slots.Narrow(features, narrow);
                score(narrow, outputs);
            };
        }
        NetworkScorer scorer = _scorer.Value;
        float[] row = new float[FeatureCount], scratch = new float[scorer.ScratchLength];
        (double scale, double offset) = (_target.Scales[0], _target.Offsets[0]);
        bool standardized = scale != 1 || offset != 0;
        return (features, outputs) =>
        {
            _features.Apply(features, row);
            scorer.Score(row, outputs, scratch);
            // Only regression's label is ever standardized, and it has one output.
            if (standardized)
                outputs[0] = (float)Math.Clamp((outputs[0] * scale) + offset, float.MinValue, float.MaxValue);
        };
    }

    private DenseLayer[] FoldedLayers()
    {
        int[] widths = [FeatureCount, .. HiddenLayers, OutputCount];
        var layers = new DenseLayer[widths.Length - 1];
        int at = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            (int inputs, int units) = (widths[l], widths[l + 1]);
            double[] weights = Take(inputs * units), biases = Take(units);
            if (l == 0)
                (weights, biases) = _features.FoldIntoFirstLayer(weights, biases);
            if (l == layers.Length - 1 && OutputCount == 1)
                (weights, biases) = _target.FoldIntoLastLayer(weights, biases);
            layers[l] = new(inputs, units, weights, biases);
        }
        return layers;

        double[] Take(int count)
        {
            at += count;
            return Array.ConvertAll(_weights[(at - count)..at], w => (double)w);
        }
    }
}
