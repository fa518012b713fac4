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

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
