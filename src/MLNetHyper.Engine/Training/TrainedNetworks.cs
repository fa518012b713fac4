namespace MLNetHyper.Engine;

/// <summary>What a run left, as networks: their weights, and what they do on rows that did not train them.</summary>
internal sealed class TrainedNetworks
{
    private readonly Architecture _architecture;
    private readonly ExampleSource<float> _training;
    private readonly Examples<float> _validation;
    private readonly Standardization _label;
    private readonly float[][] _weights;

    /// <param name="architecture">The shape of each.</param>
    /// <param name="result">What the run came to.</param>
    /// <param name="training">The rows that trained, and validated where they are folded.</param>
    /// <param name="validation">The rows that validated; not looked at where those that trained are folded.</param>
    /// <param name="label">How the label was standardized.</param>
    /// <param name="unlearned">Features that were 0 in all rows that trained.</param>
    /// <param name="trainedOnAll">Whether the rows that validated have trained as well, and so say nothing of new ones.</param>
    internal TrainedNetworks(Architecture architecture, LoopResult<DenseVector<float>> result, ExampleSource<float> training, Examples<float> validation, Standardization label, IEnumerable<int> unlearned, bool trainedOnAll)
    {
        (_architecture, _training, _validation, _label) = (architecture, training, validation, label);
        _weights = [.. result.Segments.Select(model => result.Weights.Span.Slice(model.Start, model.Length).ToArray())];
        foreach (float[] member in _weights)
            Tasks.ForgetUnlearned(member, architecture, unlearned, training.Widening);
        Calibration = OutputCalibration.None;
        HeldOut = ScoreHeldOut();
        Calibration = Calibrate(trainedOnAll);
        // What several members say together of rows that all of them know would be too good; what one says of its validation rows is said as the model says it.
        if (Folds is null)
            HeldOut = ScoreHeldOut();
    }

    /// <summary>The weights of each.</summary>
    internal IReadOnlyList<float[]> Weights => _weights;

    /// <summary>Outputs and targets of the rows that validated, each scored by networks that it did not train.</summary>
    internal (double[] Outputs, float[] Targets, float[]? Weights) HeldOut { get; }

    /// <summary>What the validation rows and the labels say of the outputs.</summary>
    internal OutputCalibration Calibration { get; }

    /// <summary>How many rows validate a network.</summary>
    internal int ValidationCount => _training.Folds?.Validation[0].Length ?? _validation.Count;

    /// <summary>The error on rows in memory: root mean squared in the label's units, or log-loss; of weighted rows weighted.</summary>
    internal double ErrorOn(Examples<float> rows) => Error(Score(rows), rows.Targets, rows.Weights);

    /// <summary>The error on the rows that validated.</summary>
    internal double HeldOutError => Error(HeldOut.Outputs, HeldOut.Targets, HeldOut.Weights);

    /// <summary>Outputs of all networks together on rows in memory.</summary>
    internal double[] Score(Examples<float> rows) => Scorer(_weights).Score(rows.Features, rows.Count);

    private MemberRows? Folds => (_training as Examples<float>)?.Folds;

    private ModelScorer Scorer(params IEnumerable<float[]> weights) =>
        new([.. weights.Select(w => new NetworkScorer(_architecture, w, _training.Widening))], _training.Widening, new(_architecture.Loss, _label, Calibration));

    private (double[] Outputs, float[] Targets, float[]? Weights) ScoreHeldOut()
    {
        if (_training is not Examples<float> { Folds: { } folds } rows)
            return (Score(_validation), _validation.Targets, _validation.Weights);
        List<double> outputs = [];
        List<float> targets = [], weights = [];
        double[] scored = new double[_architecture.Outputs];
        for (int k = 0; k < _weights.Length; k++)
        {
            ModelScorer member = Scorer(_weights[k]);
            foreach (int row in folds.Validation[k])
            {
                member.Score(rows.FeaturesOf(row), scored);
                outputs.AddRange(scored);
                targets.Add(rows.Targets[row]);
                weights.Add(rows.Weights?[row] ?? 1);
            }
        }
        return ([.. outputs], [.. targets], rows.Weights is null ? null : [.. weights]);
    }

    private OutputCalibration Calibrate(bool trainedOnAll)
    {
        if (_architecture.Loss != Loss.SquaredError)
        {
            // Members' mean is less sure of itself than they are: what makes each say how often it is right makes all together say too little.
            double temperature = _weights.Length > 1 || trainedOnAll ? 1 : Temperature.Fit(HeldOut.Outputs, HeldOut.Targets, _architecture.Outputs);
            return new(double.NegativeInfinity, double.PositiveInfinity, temperature, []);
        }
        double scale = _label.Scales[0], offset = _label.Offsets[0];
        IEnumerable<float> targets = _training.Share is { } share ? share.Targets is { } range ? [range.Least, range.Greatest, .. _validation.Targets] : []
            : _training is Examples<float> { Folds: null } training ? training.Targets.Concat(_validation.Targets) : _training is Examples<float> all ? all.Targets : [];
        (double least, double greatest) = (double.NegativeInfinity, double.PositiveInfinity);
        if (targets.Any())
            (least, greatest) = (((double)targets.Min() * scale) + offset, ((double)targets.Max() * scale) + offset);
        return new(least, greatest, 1, trainedOnAll ? [] : OutputCalibration.Summary(HeldOut.Outputs.Zip(HeldOut.Targets, (output, target) => Math.Abs(Math.Clamp(output, least, greatest) - ((target * scale) + offset)))));
    }

    private double Error(double[] outputs, float[] targets, float[]? weights)
    {
        double sum = 0, total = 0;
        double[] probabilities = _architecture.Loss == Loss.SquaredError ? [] : Probabilities.FromOutputs(outputs, _architecture.Outputs);
        int classes = Math.Max(2, _architecture.Outputs);
        for (int row = 0; row < targets.Length; row++)
        {
            double weight = weights?[row] ?? 1, error = _architecture.Loss == Loss.SquaredError
                ? Square(outputs[row] - ((targets[row] * _label.Scales[0]) + _label.Offsets[0]))
                : -Math.Log(Math.Max(probabilities[(row * classes) + (int)targets[row]], Metrics.LeastProbability));
            sum += weight * error;
            total += weight;
        }
        double mean = total > 0 ? sum / total : 0;
        return _architecture.Loss == Loss.SquaredError ? Math.Sqrt(mean) : mean;
    }

    private static double Square(double x) => x * x;
}
