namespace MLNetHyper.Engine;

/// <summary>What is known of a model's outputs from rows that did not train it, or from the labels themselves.</summary>
internal sealed class OutputCalibration
{
    /// <summary>As many errors tell any coverage to a thousandth.</summary>
    private const int MostErrors = 1000;

    private readonly double[] _errors;

    /// <param name="least">Of regression: the least label that was trained on, below which no value is given.</param>
    /// <param name="greatest">The greatest.</param>
    /// <param name="temperature">Of classification: what logits are divided by.</param>
    /// <param name="errors">Of regression: absolute errors on rows that did not train, ascending.</param>
    /// <exception cref="ArgumentException">A number cannot be.</exception>
    internal OutputCalibration(double least, double greatest, double temperature, double[] errors)
    {
        if (!(least <= greatest) || !(temperature > 0) || !double.IsFinite(temperature) || errors.Any(e => !(e >= 0)) || !errors.SequenceEqual(errors.Order()))
            throw new ArgumentException("what it says of its outputs cannot be");
        (Least, Greatest, Temperature, _errors) = (least, greatest, temperature, errors);
    }

    /// <summary>Of models that know nothing.</summary>
    internal static OutputCalibration None { get; } = new(double.NegativeInfinity, double.PositiveInfinity, 1, []);

    internal double Least { get; }

    internal double Greatest { get; }

    internal double Temperature { get; }

    internal ReadOnlySpan<double> Errors => _errors;

    /// <summary>Absolute errors on rows that did not train, of which there may be any number.</summary>
    internal static double[] Summary(IEnumerable<double> errors)
    {
        double[] sorted = [.. errors.Where(double.IsFinite).Order()];
        // Every kept one stands for those below it, so that an interval errs to the wide side.
        return sorted.Length <= MostErrors ? sorted : [.. Enumerable.Range(1, MostErrors).Select(i => sorted[(int)((long)i * sorted.Length / MostErrors) - 1])];
    }

    /// <summary>
    /// Half the width of the interval around a value that holds at least a share of new labels: the error at rank <c>⌈(n+1)·coverage⌉</c> of n (split conformal prediction, Lei et al. 2018).
    /// Null where there are too few errors for that coverage.
    /// </summary>
    internal double? HalfWidth(double coverage)
    {
        int rank = (int)Math.Ceiling((_errors.Length + 1) * coverage);
        return rank < 1 || rank > _errors.Length ? null : _errors[rank - 1];
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Least);
        writer.Write(Greatest);
        writer.Write(Temperature);
        writer.Write(_errors, writer.Write);
    }

    internal static OutputCalibration Read(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadArray(sizeof(double), reader.ReadDouble));
}
