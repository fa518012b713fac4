namespace MLNetHyper.Experiments;

/// <summary>A network and made-up data of the size of a known data set.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Rows">Training rows.</param>
/// <param name="ValidationRows">Validation rows.</param>
/// <param name="BatchSize">Rows of a batch, for training and validation alike; full batches where it is null.</param>
internal sealed record SpeedShape(string Name, Architecture Architecture, int Rows, int ValidationRows, int? BatchSize = null)
{
    /// <summary>Energy, Power and Kin8nm of the UCI regression sets, and Fashion-MNIST in the batches of the paper.</summary>
    internal static IReadOnlyList<SpeedShape> All { get; } =
    [
        Regression(614, 8, 78),
        Regression(6889, 4, 1722),
        Regression(5898, 8, 1475),
        new("784-50-10", new(784, [50], 10, Activation.Relu, Loss.SoftmaxCrossEntropy), 10_000, 1500, 50),
    ];

    /// <summary>
    /// After so many windows of T = 10 steps everything has recurred that does not happen in every window: shuffling once an epoch
    /// of 200 steps, and measuring the loss on all validation rows, which 1500 rows make due every 40 windows.
    /// </summary>
    internal int PeriodInWindows => BatchSize is null ? 1 : 40;

    internal Examples<float> Training { get; } = MakeUp(Architecture, Rows, seed: 1);

    internal Examples<float> Validation { get; } = MakeUp(Architecture, ValidationRows, seed: 2);

    private static SpeedShape Regression(int rows, int inputs, int validationRows) =>
        new($"{rows}x{inputs}-50-1", new(inputs, [50], 1, Activation.Relu, Loss.SquaredError), rows, validationRows);

    /// <summary>Standardized features and a target that depends on them, so that training neither stalls nor diverges.</summary>
    private static Examples<float> MakeUp(Architecture architecture, int rows, int seed)
    {
        SplitMix64 random = new(seed);
        float[] features = new float[rows * architecture.Inputs], targets = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            Span<float> own = features.AsSpan(row * architecture.Inputs, architecture.Inputs);
            double sum = 0;
            for (int k = 0; k < own.Length; k++)
            {
                // Uniform with variance one.
                own[k] = (float)(Math.Sqrt(12) * (random.NextDouble() - 0.5));
                sum += k % 2 == 0 ? own[k] : -own[k];
            }
            double target = Math.Sin(sum / Math.Sqrt(own.Length)) + (0.2 * (random.NextDouble() - 0.5));
            targets[row] = architecture.Outputs == 1 ? (float)target : (float)Math.Clamp(Math.Floor((target + 1) / 2 * architecture.Outputs), 0, architecture.Outputs - 1);
        }
        return new(features, architecture.Inputs, targets);
    }
}
