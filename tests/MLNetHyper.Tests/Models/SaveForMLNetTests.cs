using Microsoft.ML;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Models;

/// <summary>What <c>onepass export --mlnet</c> calls.</summary>
[TestClass]
public sealed class SaveForMLNetTests
{
    [TestMethod]
    public void Model_Load_reads_the_file()
    {
        double[] x = [.. Enumerable.Range(0, 60).Select(i => i / 10.0)];
        OnePassModel model = OnePass.Train(new Table(new TableColumn("x", x), new TableColumn("y", [.. x.Select(value => 2 * value)])), new DataOptions { LabelColumn = "y" }, new() { Steps = 30, HiddenLayers = [] }).Model;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnethyper-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.zip");
            SaveForMLNet.Save(model, path);
            new MLContext().Model.Load(path, out DataViewSchema schema);
            Assert.AreEqual("x", schema.Single().Name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
