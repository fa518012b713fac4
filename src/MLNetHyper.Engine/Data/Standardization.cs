namespace MLNetHyper.Engine;

/// <summary>
/// Offset and scale of each value, <c>z = (x - offset) / scale</c>, and how a network trained on z is rewritten to take x or to give y.
/// </summary>
public sealed partial class Standardization : InputTransform
{
    /// <summary>Standardized values beyond this are cut off, so that an outlier cannot overflow a network; values that the statistics were taken from stay far below it.</summary>
    public const double MaximumMagnitude = 1e9;

    private readonly double[] _offsets;
    private readonly double[] _scales;

    /// <summary>Copies the numbers.</summary>
    /// <param name="offsets">One finite offset per value.</param>
    /// <param name="scales">One finite scale above 0 per value.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a number lies outside its range.</exception>
    public Standardization(ReadOnlySpan<double> offsets, ReadOnlySpan<double> scales) : base(offsets.Length, offsets.Length)
    {
        if (offsets.Length != scales.Length)
            throw new ArgumentException($"{offsets.Length} offsets need as many scales, but there are {scales.Length}.", nameof(scales));
        for (int i = 0; i < scales.Length; i++)
        {
            if (!double.IsFinite(offsets[i]) || !double.IsFinite(scales[i]) || scales[i] <= 0)
                throw new ArgumentException($"Offset {offsets[i]} and scale {scales[i]} of value {i} must be finite and the scale above 0.", nameof(scales));
        }
        _offsets = offsets.ToArray();
        _scales = scales.ToArray();
    }

    /// <summary>Number of values.</summary>
    public int Count => _offsets.Length;

    /// <summary>What is subtracted from each value.</summary>
    public ReadOnlySpan<double> Offsets => _offsets;

    /// <summary>What each value is then divided by.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary><c>(value - offset) / scale</c>, cut to ±<see cref="MaximumMagnitude"/>; never infinite for a finite value.</summary>
    /// <param name="value">A finite value in its own units.</param>
    /// <param name="index">Which value it is.</param>
    public double Apply(double value, int index)
    {
        double difference = value - _offsets[index];
        double standardized = double.IsFinite(difference)
            ? difference / _scales[index]
            : value / _scales[index] - _offsets[index] / _scales[index];
        return Math.Clamp(standardized, -MaximumMagnitude, MaximumMagnitude);
    }

    /// <summary><c>scale · standardized + offset</c>, cut to the finite numbers.</summary>
    /// <param name="standardized">A standardized value.</param>
    /// <param name="index">Which value it is.</param>
    public double Invert(double standardized, int index) =>
        Math.Clamp(standardized * _scales[index] + _offsets[index], -double.MaxValue, double.MaxValue);

    /// <inheritdoc/>
    /// <remarks><c>W' = W / s</c>, <c>b' = b - W·(m / s)</c>.</remarks>
    public override (double[] Weights, double[] Bias)? FoldIntoFirstLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        if (weights.Length != (long)bias.Length * Count)
            throw new ArgumentException($"{bias.Length} units of {Count} inputs need {(long)bias.Length * Count} weights, but there are {weights.Length}.", nameof(weights));
        double[] foldedWeights = new double[weights.Length];
        double[] foldedBias = bias.ToArray();
        for (int unit = 0; unit < bias.Length; unit++)
        {
            for (int input = 0; input < Count; input++)
            {
                int at = unit * Count + input;
                foldedWeights[at] = weights[at] / _scales[input];
                foldedBias[unit] -= weights[at] * (_offsets[input] / _scales[input]);
            }
        }
        return (foldedWeights, foldedBias);
    }

    /// <summary>
    /// The last layer's weights and biases that give raw outputs where the given ones give standardized outputs: <c>W' = s W</c>, <c>b' = s b + m</c>.
    /// </summary>
    /// <param name="weights">Row-major, <see cref="Count"/> × inputs of the layer.</param>
    /// <param name="bias">One per output.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public (double[] Weights, double[] Bias) FoldIntoLastLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        if (bias.Length != Count || Count == 0 || weights.Length % Count != 0)
            throw new ArgumentException($"{Count} outputs need as many biases and a multiple of {Count} weights, but there are {bias.Length} and {weights.Length}.", nameof(weights));
        double[] foldedWeights = new double[weights.Length];
        double[] foldedBias = new double[Count];
        int inputs = weights.Length / Count;
        for (int output = 0; output < Count; output++)
        {
            for (int input = 0; input < inputs; input++)
                foldedWeights[output * inputs + input] = weights[output * inputs + input] * _scales[output];
            foldedBias[output] = bias[output] * _scales[output] + _offsets[output];
        }
        return (foldedWeights, foldedBias);
    }
}
