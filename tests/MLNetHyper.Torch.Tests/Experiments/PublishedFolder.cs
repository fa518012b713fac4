using System.Globalization;

namespace MLNetHyper.Torch.Tests;

/// <summary>A folder for one test, with made-up data in the formats in which the real ones are published.</summary>
internal sealed class PublishedFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mlnethyper-torch-").FullName;

    /// <summary>Sentences over seven words; what follows a word is nearly certain.</summary>
    internal PublishedFolder Ptb(int sentences = 60)
    {
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", sentences), ("valid", sentences / 6), ("test", sentences / 6)])
            File.WriteAllLines(Place($"ptb.{part}.txt"), Enumerable.Range(0, count).Select(i => " a b c" + (i % 3 == 0 ? " d <unk>" : " e N")));
        return this;
    }

    /// <summary>Pictures of one color and some noise: the class is how bright red is.</summary>
    internal PublishedFolder Cifar(int imagesPerFile = 8)
    {
        var random = new Random(1);
        foreach (string name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
        {
            List<byte> bytes = [];
            for (int i = 0; i < imagesPerFile; i++)
            {
                byte label = (byte)(i % 10);
                bytes.Add(label);
                for (int pixel = 0; pixel < 3 * 1024; pixel++)
                    bytes.Add((byte)((pixel < 1024 ? 20 * label : 100) + random.Next(40)));
            }
            File.WriteAllBytes(Place($"{name}.bin"), [.. bytes]);
        }
        return this;
    }

    /// <summary>Clothing: class c is bright in rows 2c and 2c + 1.</summary>
    internal PublishedFolder FashionMnist(int training = 120, int test = 40)
    {
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", training), ("t10k", test)])
        {
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
            IEnumerable<byte> pixels = labels.SelectMany((label, i) => Enumerable.Range(0, 28 * 28).Select(p => (byte)((p / 56 == label ? 200 : 0) + ((i * p) % 41))));
            File.WriteAllBytes(Place($"{part}-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 28, 0, 0, 0, 28, .. pixels]);
            File.WriteAllBytes(Place($"{part}-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)count, .. labels]);
        }
        return this;
    }

    /// <summary>Two features and a label made from them.</summary>
    internal PublishedFolder Table(string name, int rows)
    {
        double[] x = Finite.Random(2 * rows, 1);
        File.WriteAllLines(Place(name), Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{x[2 * i]:R},{x[(2 * i) + 1]:R},{10 + x[2 * i] + (x[2 * i] * x[(2 * i) + 1]):R}")).Prepend("x1,x2,y"));
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Place(string name) => System.IO.Path.Combine(Path, name);
}
