namespace MLNetHyper.Engine;

/// <summary>
/// A trained multilayer perceptron, or several whose mean counts, that takes raw features and gives values in the label's units or logits.
/// Immutable; may be used from several threads.
/// </summary>
/// <remarks>
/// Features are standardized in double precision, then pass the layers in single precision, as in training. Folding the standardization
/// into the weights would lose the digits of features that are large beside their deviation, such as years; <see cref="FoldedLayers"/>
/// has that form, in double.
/// </remarks>
public sealed partial class NetworkModel
{
    private readonly float[][] _weights;
    private readonly Lazy<NetworkScorer[]> _scorers;

    /// <param name="architecture">The shape of every network.</param>
    /// <param name="weights">Finite weights for each.</param>
    /// <param name="inputs">What is done to features before the first layer.</param>
    /// <param name="label">How the label was standardized; 0 and 1 for classification.</param>
    /// <param name="training">How it was trained.</param>
    /// <param name="calibration">What is known of its outputs; null for nothing.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    internal NetworkModel(Architecture architecture, IReadOnlyList<float[]> weights, IReadOnlyList<InputTransform> inputs, Standardization label, TrainingRecord training, OutputCalibration? calibration = null)
    {
        Calibration = calibration ?? OutputCalibration.None;
        (Architecture, Inputs, Label, Training, _weights) = (architecture, inputs, label, training, [.. weights]);
        int length = new NetworkShape(architecture).Length, width = inputs.Count > 0 ? inputs[0].InputWidth : architecture.Inputs;
        FeatureCount = width;
        foreach (InputTransform transform in inputs)
            width = transform.InputWidth == width ? transform.OutputWidth : -1;
        if (width != architecture.Inputs || label.Count != 1 || _weights.Length == 0 || Array.Exists(_weights, w => w.Length != length || !w.All(float.IsFinite)))
            throw new ArgumentException("its parts do not fit together");
        _scorers = new(() => Array.ConvertAll(_weights, w => new NetworkScorer(architecture, w, Inputs)));
    }

    /// <summary>Number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>What is done to features before the first layer, in this order.</summary>
    public IReadOnlyList<InputTransform> Inputs { get; }

    /// <summary>The shape of every network.</summary>
    public Architecture Architecture { get; }

    /// <summary>The weights of each network that training ended with, for transformed features: layer by layer, matrix (units × inputs) before biases.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Weights => Array.ConvertAll(_weights, weights => new ReadOnlyMemory<float>(weights));

    /// <summary>Offset and scale of a regression's label, undone behind the last layer; 0 and 1 for classification.</summary>
    public Standardization Label { get; }

    /// <summary>Status, learned hyperparameters with their trajectory, errors.</summary>
    public TrainingRecord Training { get; }

    /// <summary>What is known of its outputs.</summary>
    internal OutputCalibration Calibration { get; }

    internal IReadOnlyList<NetworkScorer> Scorers => _scorers.Value;

    /// <summary>The layers of one network with transforms and standardization folded into the first and the last: they take raw features and give raw values or logits.</summary>
    /// <param name="network">Which one.</param>
    /// <exception cref="NotSupportedException">One of <see cref="Inputs"/> is nothing that a layer can do.</exception>
    public IReadOnlyList<DenseLayer> FoldedLayers(int network = 0)
    {
        var layers = new NetworkShape(Architecture).Layers;
        return [.. layers.Select((layer, l) =>
        {
            double[] weights = Take(layer.Weight, layer.Inputs * layer.Outputs), biases = Take(layer.Bias, layer.Outputs);
            foreach (InputTransform transform in l == 0 ? Inputs.Reverse() : [])
                (weights, biases) = transform.FoldIntoFirstLayer(weights, biases) ?? throw new NotSupportedException($"The model's features pass a {transform.GetType().Name}, which cannot be folded into a layer.");
            if (l == layers.Length - 1 && layer.Outputs == 1)
                (weights, biases) = Label.FoldIntoLastLayer(weights, biases);
            return new DenseLayer(weights.Length / layer.Outputs, layer.Outputs, weights, biases);
        })];

        double[] Take(int start, int count) => Array.ConvertAll(_weights[network][start..(start + count)], w => (double)w);
    }

    /// <summary>
    /// Half the width of an interval around a predicted value that holds at least a share of new labels like those that validated: the error of that rank on rows that did not train the network that
    /// scored them (split conformal prediction, Lei et al. 2018). As several networks err less than one, theirs is a little wider than it need be.
    /// </summary>
    /// <param name="coverage">The share, above 0 and below 1.</param>
    /// <returns>In the label's units; null for classification, for too few validation rows for that share, and where those have trained as well.</returns>
    public double? IntervalHalfWidth(double coverage) => coverage is > 0 and < 1
        ? Calibration.HalfWidth(coverage)
        : throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "The share of labels that an interval holds must lie above 0 and below 1.");

    /// <summary>A scorer for one thread.</summary>
    /// <param name="passed">How many of <see cref="Inputs"/> the rows that it gets have passed already.</param>
    internal ModelScorer CreateScorer(int passed = 0) => new(Scorers, [.. Inputs.Skip(passed)], new(Architecture.Loss, Label, Calibration));

    /// <summary>Writes it as operators.</summary>
    /// <param name="graph">Takes the operators.</param>
    /// <param name="features">The rows' name.</param>
    /// <param name="passed">How many of <see cref="Inputs"/> the rows have passed already.</param>
    /// <returns>The name of the outputs: values in the label's units, or logits.</returns>
    internal string WriteOnnx(IOnnxGraph graph, string features, int passed = 0)
    {
        string inputs = Inputs.Skip(passed).Aggregate(features, (rows, transform) => transform.WriteOnnx(graph, rows));
        return new OutputTransform(Architecture.Loss, Label, Calibration).WriteOnnx(graph, [.. _weights.Select(weights => NetworkOnnx.Write(Architecture, weights, inputs, graph))]);
    }
}
