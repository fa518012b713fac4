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
            return Metrics.OfClassification(Probabilities.FromOutputs(outputs, target.ClassNames.Count), [.. examples.Targets.Select(t => (int)t)], target.ClassNames.Count);
        double[] labels = new double[examples.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            outputs[i] = target.DecodeValue(outputs[i]);
            labels[i] = target.DecodeValue(examples.Targets[i]);
        }
        return Metrics.OfRegression(outputs, labels);
    }
}
