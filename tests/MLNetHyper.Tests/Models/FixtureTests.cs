using System.Globalization;
using Microsoft.ML;
using MLNetHyper.Engine;
using Repository = MLNetHyper.Engine.Tests.Repository;

namespace MLNetHyper.Tests.Models;

/// <summary>Models that earlier versions saved load for ever. A fixture is a model, and the scores that it gave when it was saved.</summary>
[TestClass]
public sealed class FixtureTests
{
    private static readonly string _folder = Repository.PathTo("tests", "MLNetHyper.Tests", "fixtures");

    public static IEnumerable<object[]> Fixtures => Directory.Exists(_folder)
        ? Directory.GetFiles(_folder, "*.zip").Order(StringComparer.Ordinal).Select(path => new object[] { Path.GetFileNameWithoutExtension(path) })
        : [];

    private static IDataView Rows => TaskCase.MakeRows(20, seed: 9);

    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void A_fixture_loads_and_scores_as_it_did(string name)
    {
        TaskCase task = TaskCase.All.Single(t => name.EndsWith(t.Name, StringComparison.Ordinal));
        ITransformer model = new MLContext().Model.Load(Path.Combine(_folder, name + ".zip"), out _);
        float[] expected = [.. File.ReadAllLines(Path.Combine(_folder, name + ".txt")).Select(line => float.Parse(line, CultureInfo.InvariantCulture))], scores = task.Scores(model, Rows);
        Assert.HasCount(expected.Length, scores);
        // Vectors of another width add in another order.
        for (int i = 0; i < scores.Length; i++)
            Assert.AreEqual(expected[i], scores[i], 1e-5f * (1 + Math.Abs(expected[i])));
        TrainingRecord training = TaskCase.Inside(model).Training;
        Assert.AreEqual((300L, 360L, 40L), (training.Steps, training.TrainingRows, training.ValidationRows));
        Assert.AreEqual(30, training.Trajectory.Count);
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_fixture_of_the_present_format_exists(TaskCase task)
    {
        ITransformer model = task.Fit(o => o.Steps = 300);
        byte[] file = SavingTests.Save(model), content = SavingTests.OurEntry(file).Content;
        int version = BitConverter.ToInt32(content, content.AsSpan().IndexOf("MLNHNETW"u8) + 8);
        string path = Path.Combine(_folder, $"{version >> 16}.{version & 0xFFFF}-{task.Name}");
        if (!File.Exists(path + ".zip") && Environment.GetEnvironmentVariable("MLNETHYPER_ACCEPT") == "1")
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllBytes(path + ".zip", file);
            File.WriteAllLines(path + ".txt", task.Scores(model, Rows).Select(score => score.ToString("R", CultureInfo.InvariantCulture)));
        }
        Assert.IsTrue(File.Exists(path + ".zip"), $"{path}.zip is missing. Set the environment variable MLNETHYPER_ACCEPT=1, run this test again and commit the file.");
    }
}
