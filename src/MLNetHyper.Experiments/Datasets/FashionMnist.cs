namespace MLNetHyper.Experiments;

/// <summary>Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747): gray images of 28 x 28 pixels of ten kinds of clothing, 60000 for training and 10000 for tests.</summary>
internal static class FashionMnist
{
    /// <summary>Pixels of a side.</summary>
    internal const int Side = 28;

    /// <summary>Kinds of clothing.</summary>
    internal const int Classes = 10;

    // 10000 of the published 60000.
    private const int ShareOfValidation = 6;

    internal static PublishedFiles Files { get; } = new("Fashion-MNIST",
        "the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz at its end",
        "Zalando Research (github.com/zalandoresearch/fashion-mnist)");

    /// <summary>Reads the published files. The last sixth of the training images validates.</summary>
    /// <param name="folder">The folder that they are in, decompressed or not.</param>
    /// <exception cref="DataFormatException">A file is absent, damaged, incomplete or does not fit its sibling, or there are fewer than 6 training images.</exception>
    internal static ImageDataset Load(string folder)
    {
        (ImageData training, string file) = Read(folder, "train");
        if (training.Count < ShareOfValidation)
            throw Files.Damaged($"there are only {training.Count} images, of which the last sixth has to validate", file);
        return new(training, training.Count / ShareOfValidation, Read(folder, "t10k").Images);
    }

    private static (ImageData Images, string File) Read(string folder, string part)
    {
        string images = Find($"{part}-images-idx3-ubyte"), labels = Find($"{part}-labels-idx1-ubyte");
        ReadOnlyMemory<byte> pixels = IdxFile.Read(Files, images, Side, Side), classes = IdxFile.Read(Files, labels);
        int count = pixels.Length / (Side * Side);
        if (classes.Length != count)
            throw Files.Damaged($"there are {classes.Length} labels, but {count} images in '{images}'", labels);
        if (ImageData.LabelBeyond(classes.Span, Classes) is { } wrong)
            throw Files.Damaged($"the label of image {wrong + 1} is {classes.Span[wrong]}, but labels are from 0 to {Classes - 1}", labels);
        return (new(1, Side, Side, Classes, pixels, classes), images);

        string Find(string name) => Files.Find(folder, name, name + ".gz");
    }
}
