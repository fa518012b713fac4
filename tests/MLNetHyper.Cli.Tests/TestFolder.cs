using System.Globalization;
using System.Text;

namespace MLNetHyper.Cli.Tests;

/// <summary>A folder that exists for one test, and the tables in it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("onepass-").FullName;

    internal string this[string name] => Path.Combine(_path, name);

    internal string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Rows of two features and a label made from them.</summary>
    internal string Table(string name, int rows, Func<double, double, string> label, double scale1 = 1, double scale2 = 1, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder("a,b,y\n");
        for (int row = 0; row < rows; row++)
        {
            double a = (2 * random.NextDouble()) - 1, b = (2 * random.NextDouble()) - 1;
            text.Append(CultureInfo.InvariantCulture, $"{a * scale1:R},{b * scale2:R},{label(a, b)}\n");
        }
        return Write(name, text.ToString());
    }

    internal string Regression(int rows = 120, int seed = 1) => Table($"regression{seed}.csv", rows, (a, b) => Number(10 + a + (a * b)), seed: seed);

    internal string Binary(int rows = 120) => Table("binary.csv", rows, (a, b) => a + b > 0 ? "yes" : "no");

    internal string Multiclass(int rows = 150) => Table("multiclass.csv", rows, (a, b) => a > 0.3 ? "red" : b > 0 ? "\"green, dark\"" : "blue");

    /// <summary>Made-up clothing in the four files of Fashion-MNIST: class c is bright in rows 2c and 2c + 1. Returns the folder.</summary>
    internal string FashionMnist(int training = 60, int test = 20)
    {
        foreach ((string part, int count) in new[] { ("train", training), ("t10k", test) })
        {
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
            IEnumerable<byte> pixels = labels.SelectMany((label, i) => Enumerable.Range(0, 28 * 28).Select(p => (byte)((p / 56 == label ? 200 : 0) + ((i * p) % 41))));
            File.WriteAllBytes(this[$"{part}-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 28, 0, 0, 0, 28, .. pixels]);
            File.WriteAllBytes(this[$"{part}-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, (byte)count, .. labels]);
        }
        return _path;
    }

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
