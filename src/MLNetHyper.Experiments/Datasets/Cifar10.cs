namespace MLNetHyper.Experiments;

/// <summary>CIFAR-10 (Krizhevsky 2009) in its binary version: color images of 32 x 32 pixels of ten kinds of things, 50000 for training and 10000 for tests.</summary>
internal static class Cifar10
{
    /// <summary>Pixels of a side.</summary>
    internal const int Side = 32;

    /// <summary>Red, green and blue.</summary>
    internal const int Channels = 3;

    /// <summary>Kinds of things.</summary>
    internal const int Classes = 10;

    private const int Batches = 5;
    private const int Pixels = Channels * Side * Side;
    private const int Record = 1 + Pixels;

    // 5000 of the published 50000.
    private const int ShareOfValidation = 10;

    // What the published archive unpacks to.
    private const string Subfolder = "cifar-10-batches-bin";

    internal static PublishedFiles Files { get; } = new("CIFAR-10",
        $"the files data_batch_1.bin to data_batch_{Batches}.bin and test_batch.bin of the binary version, with or without the folder {Subfolder} around them",
        "Alex Krizhevsky (www.cs.toronto.edu/~kriz/cifar.html)");

    /// <summary>Reads the published files. The last tenth of the training images validates.</summary>
    /// <param name="folder">The folder that they or their folder are in.</param>
    /// <exception cref="DataFormatException">A file is absent, damaged or incomplete.</exception>
    internal static ImageDataset Load(string folder)
    {
        string[] files = [.. Enumerable.Range(1, Batches).Select(i => Find(folder, $"data_batch_{i}.bin")), Find(folder, "test_batch.bin")];
        byte[][] contents = [.. files.Select(Content)];
        // All are published with 10000 images, so that a file cut between two images shows.
        int largest = contents.Max(content => content.Length);
        if (Array.FindIndex(contents, content => content.Length < largest) is var shorter and >= 0)
            throw Files.Damaged($"there are {contents[shorter].Length / Record} images, but {largest / Record} in another of the files, which should all have as many", files[shorter]);
        ImageData training = Join(contents[..Batches]);
        return training.Count >= ShareOfValidation
            ? new(training, training.Count / ShareOfValidation, Join(contents[Batches..]))
            : throw Files.Damaged($"there are only {training.Count} training images in all, of which the last tenth has to validate", files[0]);
    }

    private static string Find(string folder, string name) => Files.Find(folder, name, Path.Combine(Subfolder, name));

    private static byte[] Content(string file)
    {
        byte[] content = Files.Read(file);
        if (content.Length == 0 || content.Length % Record != 0)
            throw Files.Damaged($"there are {content.Length} bytes, which is not a multiple of the {Record} that an image has with its label", file);
        for (int i = 0; i < content.Length; i += Record)
        {
            if (content[i] >= Classes)
                throw Files.Damaged($"the label of image {(i / Record) + 1} is {content[i]}, but labels are from 0 to {Classes - 1}", file);
        }
        return content;
    }

    private static ImageData Join(byte[][] contents)
    {
        int count = contents.Sum(content => content.Length / Record), image = 0;
        byte[] pixels = new byte[count * Pixels], labels = new byte[count];
        foreach (byte[] content in contents)
        {
            for (int i = 0; i < content.Length; i += Record, image++)
            {
                labels[image] = content[i];
                content.AsSpan(i + 1, Pixels).CopyTo(pixels.AsSpan(image * Pixels));
            }
        }
        return new(Channels, Side, Side, Classes, pixels, labels);
    }
}
