using System.Globalization;

namespace MLNetHyper.Engine.Tests;

/// <summary>Files that earlier versions of the tool saved load for ever. A fixture is a model, and the predictions that it gave when it was saved.</summary>
[TestClass]
public sealed class FixtureTests
{
    private static readonly string _folder = Repository.PathTo("tests", "MLNetHyper.Engine.Tests", "fixtures");

    private static IEnumerable<object[]> AllTasks => Enum.GetValues<LearningTask>().Select(task => new object[] { task });

    public static IEnumerable<object[]> Fixtures => Directory.GetFiles(_folder, "*.model").Order(StringComparer.Ordinal).Select(path => new object[] { Path.GetFileNameWithoutExtension(path) });

    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void A_fixture_loads_and_predicts_as_it_did(string name)
    {
        LearningTask task = Enum.GetValues<LearningTask>().Single(t => name.EndsWith(t.ToString(), StringComparison.Ordinal));
        OnePassModel model = OnePassModel.Load(Path.Combine(_folder, name + ".model"));
        double[] expected = [.. File.ReadAllLines(Path.Combine(_folder, name + ".txt")).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        double[] predicted = TrainedModels.Numbers(model.Predict(TrainingTables.Create(task)));
        Assert.HasCount(expected.Length, predicted);
        // Version 1 was scored in double, later ones are in float.
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], predicted[i], 1e-6 * (1 + Math.Abs(expected[i])));
        CollectionAssert.AreEquivalent(name[0] < '3' ? ["lr", "momentum", "wd"] : (string[])["lr", "wd", "beta1", "beta2"], model.Hyperparameters.Keys.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void A_fixture_of_the_present_format_exists(LearningTask task)
    {
        using var folder = new TemporaryFolder();
        OnePassModel model = TrainedModels.Of(task);
        model.Save(folder["model"]);
        string path = Path.Combine(_folder, $"{BitConverter.ToInt32(File.ReadAllBytes(folder["model"]), 8)}-{task}");
        if (!File.Exists(path + ".model") && Environment.GetEnvironmentVariable("MLNETHYPER_ACCEPT") == "1")
        {
            File.Copy(folder["model"], path + ".model");
            File.WriteAllLines(path + ".txt", TrainedModels.Numbers(model.Predict(TrainingTables.Create(task))).Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        }
        Assert.IsTrue(File.Exists(path + ".model"), $"{path}.model is missing. Set the environment variable MLNETHYPER_ACCEPT=1, run this test again and commit the file.");
    }
}
