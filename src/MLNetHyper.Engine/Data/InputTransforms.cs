namespace MLNetHyper.Engine;

/// <summary>The transforms that there are, and several of them one after the other.</summary>
internal static class InputTransforms
{
    // The shortest transform in a file is a tag of one letter.
    private const int LeastBytes = 2;

    /// <summary>What a model's file may hold, by tag.</summary>
    private static readonly Dictionary<string, Func<BinaryReader, InputTransform>> _readers = new()
    {
        [Standardization.FileTag] = Standardization.Read,
        [FeatureSelection.FileTag] = FeatureSelection.Read,
        [RobustScaling.FileTag] = RobustScaling.Read,
        [PiecewiseLinearEncoding.FileTag] = PiecewiseLinearEncoding.Read,
        [BucketIndicators.FileTag] = BucketIndicators.Read,
    };

    /// <summary>
    /// Fits to rows that have been standardized what comes behind: applied when batches are packed and rows are scored, so that what it widens is narrow in memory.
    /// </summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="first">What rows pass before, and is learned already.</param>
    internal static IReadOnlyList<InputTransform> FitWidening(ExampleSource<float> rows, InputOptions options, IReadOnlyList<InputTransform>? first = null)
    {
        List<Func<int, InputFitter>> fitters = [];
        if (options.RobustScaling)
            fitters.Add(width => new RobustScaling.Fitter(width));
        if (options.Bins != 0)
            fitters.Add(width => new PiecewiseLinearEncoding.Fitter(width, options.Bins));
        return Fit(rows, first ?? [], fitters);
    }

    /// <summary>Fits transforms one after the other, each to what the one before makes of the rows.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="first">Transforms that rows pass before.</param>
    /// <param name="fitters">From the number of features to a fitter.</param>
    internal static IReadOnlyList<InputTransform> Fit(ExampleSource<float> rows, IReadOnlyList<InputTransform> first, params IReadOnlyList<Func<int, InputFitter>> fitters)
    {
        List<InputTransform> fitted = [.. first];
        foreach (Func<int, InputFitter> create in fitters)
        {
            var row = new TransformedRow(fitted);
            InputFitter fitter = create(fitted.Count > 0 ? fitted[^1].OutputWidth : rows.FeatureCount);
            for (int index = 0; index < rows.BlockCount; index++)
            {
                Examples<float> block = rows.BlockAt(0, index);
                for (int i = 0; i < block.Count; i++)
                    fitter.Add(row.Apply(block.FeaturesOf(i)));
            }
            fitted.Add(fitter.ToTransform());
        }
        return fitted;
    }

    internal static void Write(BinaryWriter writer, IReadOnlyList<InputTransform> transforms) => writer.Write(transforms, transform =>
    {
        writer.Write(transform.Tag);
        transform.Write(writer);
    });

    /// <exception cref="FormatException">A transform is of a kind that this version does not know.</exception>
    /// <exception cref="ArgumentException">A number in it cannot be.</exception>
    internal static InputTransform[] Read(BinaryReader reader) => reader.ReadArray(LeastBytes, () =>
    {
        string tag = reader.ReadString();
        return _readers.TryGetValue(tag, out Func<BinaryReader, InputTransform>? read) ? read(reader) : throw new FormatException($"'{tag}' is no transform of inputs");
    });
}
