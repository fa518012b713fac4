using System.Text.Json;

namespace MLNetHyper.Samples.Tests;

/// <summary>The notebooks are what the samples of one file are now.</summary>
[TestClass]
public sealed class NotebookTests
{
    public static IEnumerable<object[]> Samples => SampleFile.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Notebook_is_made_from_its_sample(string name)
    {
        // Then the sample's own test writes it, since it contains the output, and at the same time as this one runs.
        if (Acceptance.IsOn)
            return;
        string file = Notebook.PathTo(name), text = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.AreEqual(Notebook.Of(SampleFile.Read(name)).Json, text, $"samples/notebooks/{name}.ipynb is out of date. Set the environment variable {Acceptance.Variable}=1, run the tests of the samples again and commit the files.");
    }

    [TestMethod]
    public void There_is_no_notebook_without_a_sample()
    {
        string[] notebooks = [.. Directory.GetFiles(Repository.PathTo("samples", "notebooks"), "*.ipynb").Select(file => Path.GetFileNameWithoutExtension(file))];
        CollectionAssert.IsSubsetOf(notebooks, SampleFile.Names.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void Notebook_is_valid_nbformat(string name)
    {
        using JsonDocument document = JsonDocument.Parse(Notebook.Of(SampleFile.Read(name)).Json);
        JsonElement notebook = document.RootElement;
        Assert.AreEqual("cells metadata nbformat nbformat_minor", Keys(notebook));
        Assert.AreEqual((4, 5), (notebook.GetProperty("nbformat").GetInt32(), notebook.GetProperty("nbformat_minor").GetInt32()));
        Assert.AreEqual("display_name language name", Keys(notebook.GetProperty("metadata").GetProperty("kernelspec")));
        JsonElement[] cells = [.. notebook.GetProperty("cells").EnumerateArray()];
        Assert.HasCount(cells.Length, cells.Select(cell => cell.GetProperty("id").GetString()).ToHashSet());
        foreach (JsonElement cell in cells)
        {
            bool isCode = cell.GetProperty("cell_type").GetString() == "code";
            Assert.AreEqual(isCode ? "cell_type execution_count id metadata outputs source" : "cell_type id metadata source", Keys(cell));
            Assert.MatchesRegex("^[a-zA-Z0-9_-]{1,64}$", cell.GetProperty("id").GetString());
            if (isCode)
            {
                Assert.AreEqual(JsonValueKind.Null, cell.GetProperty("execution_count").ValueKind);
                Assert.AreEqual(0, cell.GetProperty("outputs").GetArrayLength());
            }
            else
            {
                Assert.AreEqual("markdown", cell.GetProperty("cell_type").GetString());
            }
            string[] lines = [.. cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!)];
            Assert.AreNotEqual(0, lines.Length);
            // Every line but the last ends with the one line break in it.
            for (int i = 0; i < lines.Length; i++)
                Assert.AreEqual(i < lines.Length - 1 ? lines[i].Length - 1 : -1, lines[i].IndexOf('\n', StringComparison.Ordinal));
        }
    }

    private static string Keys(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
}
