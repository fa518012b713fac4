namespace MLNetHyper.Engine;

/// <summary>
/// What is done to a row of features before a network sees it, as learned from the training rows. A model has several, one after the
/// other. Immutable; may be used from several threads.
/// </summary>
public abstract class InputTransform
{
    private protected InputTransform(int inputWidth, int outputWidth) => (InputWidth, OutputWidth) = (inputWidth, outputWidth);

    /// <summary>Numbers in a row that it takes.</summary>
    public int InputWidth { get; }

    /// <summary>Numbers in a row that it gives.</summary>
    public int OutputWidth { get; }

    /// <summary>Its name in models' files.</summary>
    internal abstract string Tag { get; }

    /// <summary>Transforms a row.</summary>
    /// <param name="values"><see cref="InputWidth"/> numbers.</param>
    /// <param name="transformed">Room for <see cref="OutputWidth"/> numbers.</param>
    /// <exception cref="ArgumentException">There are not as many of each.</exception>
    public abstract void Apply(ReadOnlySpan<float> values, Span<float> transformed);

    /// <summary>The first layer's weights and biases that do to rows before the transform what the given ones do to rows behind it; null where no layer can.</summary>
    /// <param name="weights">Row-major, units × <see cref="OutputWidth"/>.</param>
    /// <param name="bias">One per unit.</param>
    /// <returns>Weights, units × <see cref="InputWidth"/>, and biases.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public virtual (double[] Weights, double[] Bias)? FoldIntoFirstLayer(ReadOnlySpan<double> weights, ReadOnlySpan<double> bias) => null;

    /// <summary>The places in a row behind the transform that depend on one before it.</summary>
    internal virtual IEnumerable<int> OutputsOf(int input) => [input];

    /// <summary>Writes what the reader of its <see cref="Tag"/> in <see cref="InputTransforms"/> reads.</summary>
    internal abstract void Write(BinaryWriter writer);

    /// <summary>Writes itself as operators.</summary>
    /// <returns>The name of the transformed rows.</returns>
    internal abstract string WriteOnnx(IOnnxGraph graph, string rows);
}
