namespace MLNetHyper.Experiments;

/// <summary>Images of one size in bytes, each with the index of its class. Parts of it share its memory.</summary>
internal sealed class ImageData
{
    /// <summary>Wraps memory, which must not change afterwards.</summary>
    /// <param name="channels">Channels of an image, at least 1.</param>
    /// <param name="height">Rows of a channel, at least 1.</param>
    /// <param name="width">Pixels of a row, at least 1.</param>
    /// <param name="classes">Number of classes, at least 1; every label is below it.</param>
    /// <param name="pixels">Image by image, channel by channel, row by row.</param>
    /// <param name="labels">One class index per image.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a label is no class.</exception>
    internal ImageData(int channels, int height, int width, int classes, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels)
    {
        if (pixels.Length != (long)labels.Length * channels * height * width)
            throw new ArgumentException($"{labels.Length} images of {channels} x {height} x {width} do not have {pixels.Length} pixels.", nameof(pixels));
        if (LabelBeyond(labels.Span, classes) is { } image)
            throw new ArgumentException($"Image {image} has the label {labels.Span[image]}, but there are {classes} classes.", nameof(labels));
        (Channels, Height, Width, Classes, Pixels, Labels) = (channels, height, width, classes, pixels, labels);
    }

    /// <summary>Number of images.</summary>
    internal int Count => Labels.Length;

    /// <summary>Channels of an image.</summary>
    internal int Channels { get; }

    /// <summary>Rows of a channel.</summary>
    internal int Height { get; }

    /// <summary>Pixels of a row.</summary>
    internal int Width { get; }

    /// <summary>Number of classes.</summary>
    internal int Classes { get; }

    /// <summary>Image by image, channel by channel, row by row.</summary>
    internal ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>One class index per image.</summary>
    internal ReadOnlyMemory<byte> Labels { get; }

    /// <summary>Values of one image, over all channels.</summary>
    internal int PixelsPerImage => Channels * Height * Width;

    /// <summary>The first image whose label is no class, or null.</summary>
    internal static int? LabelBeyond(ReadOnlySpan<byte> labels, int classes) =>
        labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1)) is var at and >= 0 ? at : null;

    /// <summary>A run of images.</summary>
    /// <param name="first">The first image, from 0.</param>
    /// <param name="count">How many.</param>
    internal ImageData Slice(int first, int count) =>
        new(Channels, Height, Width, Classes, Pixels.Slice(first * PixelsPerImage, count * PixelsPerImage), Labels.Slice(first, count));

    /// <summary>Mean and unbiased standard deviation of every pixel of an image by itself; the scale of one that never varies is 1.</summary>
    internal Standardization PixelStatistics() => Statistics(PixelsPerImage);

    /// <summary>Mean and unbiased standard deviation of every channel over all its pixels; the scale of one that never varies is 1.</summary>
    internal Standardization ChannelStatistics() => Statistics(Channels);

    /// <summary>The images as a network takes them: standardized, the class index as target.</summary>
    /// <param name="statistics">One offset and scale per channel, or one per pixel of an image.</param>
    /// <exception cref="ArgumentException">There are as many offsets as neither.</exception>
    internal Examples<float> ToExamples(Standardization statistics)
    {
        if (statistics.Count != Channels && statistics.Count != PixelsPerImage)
            throw new ArgumentException($"Images of {Channels} channels and {PixelsPerImage} pixels are not standardized by {statistics.Count} values.", nameof(statistics));
        float[] features = new float[Pixels.Length];
        int run = PixelsPerImage / statistics.Count;
        ReadOnlySpan<byte> pixels = Pixels.Span;
        ReadOnlySpan<double> offsets = statistics.Offsets, scales = statistics.Scales;
        for (int start = 0, group = 0; start < features.Length; start += run, group = group + 1 < statistics.Count ? group + 1 : 0)
        {
            for (int i = start; i < start + run; i++)
                features[i] = (float)((pixels[i] - offsets[group]) / scales[group]);
        }
        float[] targets = new float[Count];
        for (int i = 0; i < targets.Length; i++)
            targets[i] = Labels.Span[i];
        return new Examples<float>(features, PixelsPerImage, targets);
    }

    /// <summary>Statistics of equal runs of every image's values. The sums of bytes and their squares are exact.</summary>
    private Standardization Statistics(int groups)
    {
        long[] sums = new long[groups], squares = new long[groups];
        ReadOnlySpan<byte> pixels = Pixels.Span;
        int run = PixelsPerImage / groups;
        for (int start = 0, group = 0; start < pixels.Length; start += run, group = group + 1 < groups ? group + 1 : 0)
        {
            foreach (int value in pixels.Slice(start, run))
            {
                sums[group] += value;
                squares[group] += value * value;
            }
        }
        long n = (long)Count * run;
        double[] offsets = new double[groups], scales = new double[groups];
        for (int group = 0; group < groups; group++)
        {
            offsets[group] = (double)sums[group] / n;
            double deviation = Math.Sqrt((double)(((Int128)n * squares[group]) - ((Int128)sums[group] * sums[group])) / n / (n - 1));
            scales[group] = deviation > 0 ? deviation : 1;
        }
        return new Standardization(offsets, scales);
    }
}
