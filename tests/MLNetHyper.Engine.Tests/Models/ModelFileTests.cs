namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ModelFileTests
{
    private static IEnumerable<object[]> AllTasks => Enum.GetValues<LearningTask>().Select(task => new object[] { task });

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void A_model_comes_back_whole_and_predicts_the_same_bits(LearningTask task)
    {
        using var folder = new TemporaryFolder();
        OnePassModel model = TrainedModels.Of(task);
        model.Save(folder["model"]);
        OnePassModel loaded = OnePassModel.Load(folder["model"]);
        Table table = TrainingTables.Create(task);
        CollectionAssert.AreEqual(TrainedModels.Numbers(model.Predict(table)), TrainedModels.Numbers(loaded.Predict(table)));
        CollectionAssert.AreEqual(model.Network.Weights[0].ToArray(), loaded.Network.Weights[0].ToArray());
        CollectionAssert.AreEqual(model.Target.ClassNames.ToArray(), loaded.Target.ClassNames.ToArray());
        CollectionAssert.AreEquivalent(model.Hyperparameters.ToArray(), loaded.Hyperparameters.ToArray());
        CollectionAssert.AreEqual(model.Architecture.Hidden.ToArray(), loaded.Architecture.Hidden.ToArray());
        Assert.AreEqual(model.Architecture with { Hidden = [] }, loaded.Architecture with { Hidden = [] });
        Assert.AreEqual(task, loaded.Target.Task);
        Assert.AreEqual(model.Evaluate(table), loaded.Evaluate(table));
    }

    [TestMethod]
    [DataRow(Activation.Relu)]
    [DataRow(Activation.Tanh, 3)]
    [DataRow(Activation.Gelu, 3, 2)]
    [DataRow(Activation.Identity, 1, 5, 1)]
    public void Every_shape_comes_back(Activation activation, params int[] hidden)
    {
        using var folder = new TemporaryFolder();
        Table table = TrainingTables.Create(LearningTask.Multiclass);
        OnePassModel model = OnePass.Train(table, TrainingTables.Options, new() { HiddenLayers = hidden, Activation = activation, Steps = 10 }).Model;
        model.Save(folder["model"]);
        CollectionAssert.AreEqual(TrainedModels.Numbers(model.Predict(table)), TrainedModels.Numbers(OnePassModel.Load(folder["model"]).Predict(table)));
    }

    [TestMethod]
    public void The_same_model_makes_the_same_file()
    {
        using var folder = new TemporaryFolder();
        TrainedModels.Of(LearningTask.Binary).Save(folder["first"]);
        OnePassModel.Load(folder["first"]).Save(folder["second"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["first"]), File.ReadAllBytes(folder["second"]));
    }

    [TestMethod]
    public void A_save_that_fails_leaves_everything_as_it_was()
    {
        using var folder = new TemporaryFolder();
        OnePassModel model = TrainedModels.Of(LearningTask.Regression);
        Directory.CreateDirectory(folder["taken"]);
        File.WriteAllText(Path.Combine(folder["taken"], "inside"), "kept");
        Assert.Throws<Exception>(() => model.Save(folder["taken"]));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => model.Save(Path.Combine(folder["missing"], "model")));
        Assert.AreEqual("kept", File.ReadAllText(Path.Combine(folder["taken"], "inside")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["taken"])!));
    }

    [TestMethod]
    public void A_good_file_survives_a_write_that_breaks_off()
    {
        using var folder = new TemporaryFolder();
        TrainedModels.Of(LearningTask.Regression).Save(folder["model"]);
        byte[] good = File.ReadAllBytes(folder["model"]);
        Assert.ThrowsExactly<IOException>(() => AtomicFile.Write(folder["model"], stream =>
        {
            stream.Write(good, 0, good.Length / 2);
            throw new IOException("The disk is full.");
        }));
        CollectionAssert.AreEqual(good, File.ReadAllBytes(folder["model"]));
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["model"])!));
    }

    [TestMethod]
    public void A_newer_model_replaces_an_older_file_whole()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model"], new byte[100_000]);
        TrainedModels.Of(LearningTask.Binary).Save(folder["model"]);
        Assert.AreEqual(LearningTask.Binary, OnePassModel.Load(folder["model"]).Target.Task);
    }

    [TestMethod]
    public void A_file_that_is_replaced_keeps_its_permissions_and_a_link_stays_one()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model"], "old");
        File.CreateSymbolicLink(folder["latest"], "model");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["model"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        TrainedModels.Of(LearningTask.Binary).Save(folder["latest"]);
        Assert.AreEqual("model", new FileInfo(folder["latest"]).LinkTarget);
        OnePassModel.Load(folder["model"]);
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["model"]));
    }

    /// <summary>In a folder that others may write to, a link under a name that is known beforehand would have its target overwritten.</summary>
    [TestMethod]
    public void The_temporary_file_has_a_name_that_nobody_knows_beforehand_and_is_gone_afterwards()
    {
        using var folder = new TemporaryFolder();
        HashSet<string> names = [];
        for (int i = 0; i < 2; i++)
        {
            AtomicFile.Write(folder["file"], stream =>
            {
                names.Add(Path.GetFileName(((FileStream)stream).Name));
                Assert.ThrowsExactly<IOException>(() => new FileStream(((FileStream)stream).Name, FileMode.CreateNew));
            });
        }
        Assert.HasCount(2, names);
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["file"])!));
    }
}
