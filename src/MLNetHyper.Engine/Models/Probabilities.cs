namespace MLNetHyper.Engine;

/// <summary>From a network's raw outputs to class probabilities.</summary>
internal static class Probabilities
{
    /// <summary>
    /// One logit a row becomes two columns; several logits a row go through a softmax. The number of classes would not tell: two may
    /// have either.
    /// </summary>
    internal static double[] FromOutputs(ReadOnlySpan<double> outputs, int outputsPerRow)
    {
        if (outputsPerRow == 1)
            return FromLogits(outputs);
        double[] probabilities = outputs.ToArray();
        for (int start = 0; start < probabilities.Length; start += outputsPerRow)
        {
            Span<double> row = probabilities.AsSpan(start, outputsPerRow);
            System.Numerics.Tensors.TensorPrimitives.Subtract(row, System.Numerics.Tensors.TensorPrimitives.Max<double>(row), row);
            System.Numerics.Tensors.TensorPrimitives.SoftMax<double>(row, row);
        }
        return probabilities;
    }

    private static double[] FromLogits(ReadOnlySpan<double> logits)
    {
        double[] probabilities = new double[2 * logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            // Both columns from the tail that is small, so that neither loses its digits.
            double small = 1 / (1 + Math.Exp(Math.Abs(logits[i])));
            probabilities[2 * i] = logits[i] > 0 ? small : 1 - small;
            probabilities[(2 * i) + 1] = logits[i] > 0 ? 1 - small : small;
        }
        return probabilities;
    }
}
