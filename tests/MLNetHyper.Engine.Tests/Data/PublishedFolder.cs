using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetHyper.Engine.Tests;

/// <summary>A folder that exists for one test, with small data sets in the formats of the published ones.</summary>
sealed class PublishedFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlnethyper-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
    }

    /// <summary>Four files of made-up clothing: class c is bright where no other is.</summary>
    public PublishedFolder WriteFashionMnist(int training = 60, int test = 20, bool compressed = false)
    {
        foreach ((string part, int count, int seed) in new[] { ("train", training, 1), ("t10k", test, 2) })
        {
            (byte[] pixels, byte[] labels) = Images(count, 28 * 28, seed);
            Add($"{part}-images-idx3-ubyte", Idx(pixels, count, 28, 28));
            Add($"{part}-labels-idx1-ubyte", Idx(labels, count));
        }
        return this;

        void Add(string name, byte[] content) => Write(compressed ? name + ".gz" : name, compressed ? Compress(content) : content);
    }

    /// <summary>Six files of made-up things, beneath a folder if it is named.</summary>
    public PublishedFolder WriteCifar10(int perBatch = 4, string folder = "")
    {
        string[] names = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];
        foreach ((int seed, string name) in names.Index())
        {
            (byte[] pixels, byte[] labels) = Images(perBatch, 3 * 32 * 32, seed);
            Write(System.IO.Path.Combine(folder, name), [.. labels.SelectMany((label, i) => pixels[(i * 3072)..((i + 1) * 3072)].Prepend(label))]);
        }
        return this;
    }

    public static (byte[] Pixels, byte[] Labels) Images(int count, int pixels, int seed)
    {
        var random = new Random(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
        byte[] values = new byte[count * pixels];
        random.NextBytes(values);
        for (int i = 0; i < values.Length; i++)
            values[i] = (byte)((values[i] / 4) + (i % pixels * 10 / pixels == labels[i / pixels] ? 150 : 0));
        return (values, labels);
    }

    public static byte[] Idx(byte[] content, params int[] sizes)
    {
        byte[] header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        return [.. header, .. content];
    }

    public static byte[] Compress(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream stream = new(compressed, CompressionLevel.Fastest))
            stream.Write(content);
        return compressed.ToArray();
    }
}
