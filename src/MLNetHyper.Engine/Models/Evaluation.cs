namespace MLNetHyper.Engine;

/// <summary>Errors of a network on encoded examples, in the label's units.</summary>
internal static class Evaluation
{
    internal static Metrics Measure(NetworkObjective<float> objective, DenseVector<float> weights, Examples<float> examples, TargetEncoder target)
    {
        float[] raw = new float[examples.Count * objective.Architecture.Outputs];
        objective.Predict(weights, examples.Features, raw);
        double[] outputs = Array.ConvertAll(raw, x => (double)x);
        if (target.Task != LearningTask.Regression)
            return Metrics.OfClassification(Probabilities.FromOutputs(outputs, objective.Architecture.Outputs), [.. examples.Targets.Select(t => (int)t)], target.ClassNames.Count);
        double[] labels = new double[examples.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            outputs[i] = target.DecodeValue(outputs[i]);
            labels[i] = target.DecodeValue(examples.Targets[i]);
        }
        return Metrics.OfRegression(outputs, labels);
    }

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
