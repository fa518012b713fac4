namespace MLNetHyper.Torch.Tests;

/// <summary>Made-up rows for a network.</summary>
internal static class NetworkData
{
    internal static Examples<double> Draw(Architecture architecture, int rows, int seed, bool weighted = false)
    {
        var random = new Random(seed);
        double[] features = Finite.Random(rows * architecture.Inputs, seed + 1);
        double[] targets = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double sum = features.AsSpan(i * architecture.Inputs, architecture.Inputs).ToArray().Select((x, k) => Math.Sin(2 * x) * (k + 1)).Sum() + (0.1 * random.NextDouble());
            targets[i] = architecture.Loss switch
            {
                Loss.SquaredError => sum,
                Loss.Logistic => sum > 0 ? 1 : 0,
                _ => Math.Abs((int)Math.Floor(3 * sum)) % architecture.Outputs,
            };
        }
        return new(features, architecture.Inputs, targets, weighted ? [.. Enumerable.Range(0, rows).Select(i => i % 4 == 0 ? 0 : random.NextDouble())] : null);
    }

    internal static Examples<float> ToSingle(this Examples<double> examples) => new(
        [.. examples.Features.Select(x => (float)x)], examples.FeatureCount, [.. examples.Targets.Select(x => (float)x)], examples.Weights is { } w ? [.. w.Select(x => (float)x)] : null);
}
