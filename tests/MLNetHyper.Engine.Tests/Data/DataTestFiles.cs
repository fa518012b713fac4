using System.Text;

namespace MLNetHyper.Engine.Tests;

/// <summary>A CSV file that exists for one test.</summary>
sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mlnethyper-{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(Path, content);
    }

    public TemporaryFile(string content) : this(Encoding.UTF8.GetBytes(content))
    {
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}

static class DataTestFiles
{
    /// <summary>Reads a table as if the text were a file.</summary>
    public static Table Load(string content, CsvOptions? options = null) => Load(Encoding.UTF8.GetBytes(content), options);

    public static Table Load(byte[] content, CsvOptions? options = null)
    {
        using TemporaryFile file = new(content);
        return CsvTable.Load(file.Path, options);
    }

    /// <summary>The error of a call, its message checked for parts.</summary>
    public static DataFormatException Fails(Action action, params string[] parts)
    {
        DataFormatException error = Assert.ThrowsExactly<DataFormatException>(action);
        foreach (string part in parts)
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        return error;
    }

    public static Table Sample(ReferenceDataset dataset) => CsvTable.Load(Repository.PathTo("samples", "data", dataset.FileName));

    public static double[] Numbers(this Table table, string column) => table[column].Numbers.ToArray();

    public static string?[] Texts(this Table table, string column) => table[column].Texts.ToArray();

    public static void HasNumbers(Table table, string column, params double[] expected) => CollectionAssert.AreEqual(expected, table.Numbers(column));

    public static void HasTexts(Table table, string column, params string?[] expected) => CollectionAssert.AreEqual(expected, table.Texts(column));
}
