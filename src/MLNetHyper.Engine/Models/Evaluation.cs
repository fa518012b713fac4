namespace MLNetHyper.Engine;

/// <summary>Errors on encoded examples, in the label's units.</summary>
internal static class Evaluation
{
    internal static Metrics Measure(ModelScorer scorer, Examples<float> examples, TargetEncoder target) => Measure(scorer.Score(examples.Features, examples.Count), examples.Targets, target);

    /// <summary>Errors of outputs that are there.</summary>
    internal static Metrics Measure(double[] outputs, float[] targets, TargetEncoder target) => target.Task == LearningTask.Regression
        ? Metrics.OfRegression(outputs, Array.ConvertAll(targets, t => target.DecodeValue(t)))
        : Metrics.OfClassification(Probabilities.FromOutputs(outputs, target.OutputCount), Array.ConvertAll(targets, t => (int)t), target.ClassNames.Count);

    /// <summary>The error of a network that may have any weights; NaN where they are not finite.</summary>
    internal static double Error(Architecture architecture, DenseVector<float> weights, Examples<float> examples, TargetEncoder target) =>
        // A rectifier may hide a weight that is not a number.
        !weights.IsFinite() ? double.NaN
            : Measure(new([new(architecture, weights.Span, examples.Widening)], examples.Widening, new(architecture.Loss, target.Standardization, OutputCalibration.None)), examples, target).Error;

    /// <summary>Errors of predicting the training rows' mean, or their class frequencies: what a failed run is charged.</summary>
    internal static Metrics MeanPredictor(PreparedData<float> data, Examples<float> test)
    {
        TargetEncoder target = data.Target;
        if (target.Task == LearningTask.Regression)
        {
            double[] mean = new double[test.Count];
            Array.Fill(mean, target.DecodeValue(data.Train.Targets.Average(t => (double)t)));
            return Metrics.OfRegression(mean, [.. test.Targets.Select(t => target.DecodeValue(t))]);
        }
        int classes = target.ClassNames.Count;
        double[] frequencies = new double[classes];
        foreach (float label in data.Train.Targets)
            frequencies[(int)label] += 1.0 / data.Train.Count;
        return Metrics.OfClassification([.. Enumerable.Repeat(frequencies, test.Count).SelectMany(f => f)], [.. test.Targets.Select(t => (int)t)], classes);
    }
}
