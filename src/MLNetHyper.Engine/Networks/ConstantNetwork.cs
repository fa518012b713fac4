namespace MLNetHyper.Engine;

/// <summary>A network that gives the same outputs for whatever features: the least that a training must be worth.</summary>
internal static class ConstantNetwork
{
    /// <summary>The outputs with the lowest loss on some examples, and that loss.</summary>
    internal static (double[] Outputs, double Loss) Fit(Architecture architecture, Examples<float> examples)
    {
        double[] sums = new double[architecture.Outputs];
        double total = 0, squares = 0;
        for (int row = 0; row < examples.Count; row++)
        {
            double weight = examples.Weights?[row] ?? 1, target = examples.Targets[row];
            sums[architecture.Loss == Loss.SoftmaxCrossEntropy ? (int)target : 0] += architecture.Loss == Loss.SoftmaxCrossEntropy ? weight : weight * target;
            total += weight;
            squares += weight * target * target;
        }
        double[] shares = Array.ConvertAll(sums, sum => total > 0 ? sum / total : 1.0 / architecture.Outputs);
        // A class of which there is none gets half an example, since its logarithm must be finite.
        double least = 0.5 / examples.Count;
        switch (architecture.Loss)
        {
            case Loss.SquaredError:
                return (shares, total > 0 ? Math.Max(0, (squares / total) - (shares[0] * shares[0])) : 0);
            case Loss.Logistic:
                double p = Math.Clamp(shares[0], least, 1 - least);
                return ([Math.Log(p / (1 - p))], -(shares[0] * Math.Log(p)) - ((1 - shares[0]) * Math.Log(1 - p)));
            default:
                double[] floored = Array.ConvertAll(shares, share => Math.Max(share, least));
                double sum = floored.Sum();
                return (Array.ConvertAll(floored, share => Math.Log(share / sum)), shares.Zip(floored, (share, f) => -share * Math.Log(f / sum)).Sum());
        }
    }

    /// <summary>The weights of the network that always gives these outputs.</summary>
    internal static double[] Weights(Architecture architecture, double[] outputs)
    {
        var shape = new NetworkShape(architecture);
        double[] weights = new double[shape.Length];
        outputs.CopyTo(weights, shape.Layers[^1].Bias);
        return weights;
    }
}
