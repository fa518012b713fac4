using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Models;

/// <summary>Models save and load like ML.NET's own, and what is not a whole model says so.</summary>
[TestClass]
public sealed class SavingTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_saved_model_scores_the_same_bits_and_remembers_how_it_was_trained(TaskCase task)
    {
        ITransformer model = task.Fit(), loaded = new MLContext().Model.Load(new MemoryStream(Save(model)), out DataViewSchema schema);
        CollectionAssert.AreEqual(task.Scores(model), task.Scores(loaded));
        Assert.IsNotNull(schema.GetColumnOrNull("Features"));
        TrainingRecord before = TaskCase.Inside(model).Training, after = TaskCase.Inside(loaded).Training;
        foreach (System.Reflection.PropertyInfo property in typeof(TrainingRecord).GetProperties().Where(p => p.PropertyType.IsValueType || p.PropertyType == typeof(string)))
            Assert.AreEqual(property.GetValue(before), property.GetValue(after), property.Name);
        CollectionAssert.AreEqual(before.Epochs.ToArray(), after.Epochs.ToArray());
        CollectionAssert.AreEqual(before.Trajectory.Values("lr").ToArray(), after.Trajectory.Values("lr").ToArray());
        CollectionAssert.AreEqual(before.Trajectory.HypergradientNorms("wd").ToArray(), after.Trajectory.HypergradientNorms("wd").ToArray());
        CollectionAssert.AreEqual(before.BestHyperparameters.ToArray(), after.BestHyperparameters.ToArray());
        CollectionAssert.AreEqual(TaskCase.Inside(model).Network.Weights[0].ToArray(), TaskCase.Inside(loaded).Network.Weights[0].ToArray());
    }

    [TestMethod]
    public void A_loader_and_a_model_load_together()
    {
        string csv = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(csv, Enumerable.Range(0, 60).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i % 7},{i % 5},{(i % 7) - (i % 5)}")));
            var loader = _ml.Data.CreateTextLoader([new("Features", DataKind.Single, 0, 1), new("Label", DataKind.Single, 2)], separatorChar: ',');
            IDataView data = loader.Load(csv);
            ITransformer model = _ml.Regression.Trainers.OnePassSgd(steps: 200).Fit(data);
            using var stream = new MemoryStream();
            _ml.Model.Save(model, loader, stream);
            stream.Position = 0;
            ITransformer loaded = new MLContext().Model.LoadWithDataLoader(stream, out IDataLoader<IMultiStreamSource> again);
            CollectionAssert.AreEqual(model.Transform(data).GetColumn<float>("Score").ToArray(), loaded.Transform(again.Load(new MultiFileSource(csv))).GetColumn<float>("Score").ToArray());
        }
        finally
        {
            File.Delete(csv);
        }
    }

    [TestMethod]
    public void Every_damaged_byte_of_our_part_is_noticed_or_harmless()
    {
        TaskCase task = TaskCase.All[0];
        byte[] file = Save(task.Fit(o => o.Steps = 50));
        float[] expected = task.Scores(_ml.Model.Load(new MemoryStream(file), out _));
        (string entry, byte[] content) = OurEntry(file);
        // Before it comes ML.NET's own header.
        (int start, int length) = ((int)Start(content), (int)BitConverter.ToInt64(content, 24));
        var random = new Random(5);
        for (int trial = 0; trial < 150; trial++)
        {
            byte[] damaged = [.. content];
            int at = start + (trial < 100 ? trial : random.Next(length));
            damaged[at] ^= (byte)(1 << random.Next(8));
            try
            {
                ITransformer model = new MLContext().Model.Load(new MemoryStream(Replace(file, entry, damaged)), out _);
                CollectionAssert.AreEqual(expected, task.Scores(model), $"byte {at} was changed without notice");
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
            {
                Assert.IsFalse(string.IsNullOrWhiteSpace(e.Message));
            }
        }
    }

    [TestMethod]
    public void A_model_that_claims_gigabytes_says_that_it_is_damaged()
    {
        byte[] file = Save(TaskCase.All[1].Fit(o => o.Steps = 50));
        (string entry, byte[] content) = OurEntry(file);
        BitConverter.TryWriteBytes(content.AsSpan((int)Start(content)), int.MaxValue);
        Exception error = Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(Replace(file, entry, content)), out _));
        StringAssert.Contains(Messages(error), "damaged");
    }

    [TestMethod]
    public void A_newer_format_says_what_to_update()
    {
        byte[] file = Save(TaskCase.All[0].Fit(o => o.Steps = 50));
        (string entry, byte[] content) = OurEntry(file);
        // ML.NET's header: the model's version and the oldest version that can read it follow its signature.
        int signature = content.AsSpan().IndexOf("MLNHNETW"u8);
        Assert.IsGreaterThanOrEqualTo(0, signature);
        content[signature + 8] = 9;
        content[signature + 12] = 9;
        Exception error = Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(Replace(file, entry, content)), out _));
        StringAssert.Contains(Messages(error), "Update the package MLNetHyper");
    }

    internal static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, TaskCase.Data.Schema, stream);
        return stream.ToArray();
    }

    /// <summary>Where ML.NET's header says that the model begins.</summary>
    private static long Start(byte[] content) => BitConverter.ToInt64(content, 16);

    private static string Messages(Exception? error)
    {
        var messages = new List<string>();
        for (; error is not null; error = error.InnerException)
            messages.Add(error.Message);
        return string.Join(" | ", messages);
    }

    internal static (string Name, byte[] Content) OurEntry(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using (Stream stream = entry.Open())
                stream.CopyTo(content);
            if (content.ToArray().AsSpan().IndexOf("MLNHNETW"u8) >= 0)
                return (entry.FullName, content.ToArray());
        }
        throw new AssertFailedException("The file holds no model of ours.");
    }

    private static byte[] Replace(byte[] file, string name, byte[] content)
    {
        using var changed = new MemoryStream();
        changed.Write(file);
        using (var zip = new ZipArchive(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(name)!.Delete();
            using Stream stream = zip.CreateEntry(name).Open();
            stream.Write(content);
        }
        return changed.ToArray();
    }
}
