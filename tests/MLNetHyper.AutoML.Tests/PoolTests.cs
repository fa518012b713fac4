using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using MLNetHyper.Tests;

namespace MLNetHyper.AutoML.Tests;

/// <summary>A saved model behind PredictionEnginePool, as web services use it.</summary>
[TestClass]
public sealed class PoolTests
{
    private const string Name = "numbers";

    private static readonly TaskCase _task = TaskCase.All[0];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Threads_that_share_a_pool_get_the_scores_of_Transform()
    {
        using var folder = new ModelFolder();
        ITransformer model = _task.Fit();
        folder.Save(model);
        float[] expected = _task.Scores(model);
        using ServiceProvider services = Services(folder.File, watch: false);
        var pool = services.GetRequiredService<PredictionEnginePool<TaskCase.Example, Prediction>>();
        TaskCase.Example[] rows = [.. TaskCase.Context.Data.CreateEnumerable<TaskCase.Example>(TaskCase.Data, reuseRowObject: false)];
        var scores = new float[8][];
        Thread[] threads = [.. Enumerable.Range(0, scores.Length).Select(i => new Thread(() => scores[i] = [.. rows.Select(row => pool.Predict(Name, row).Score)]))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (float[] scored in scores)
            CollectionAssert.AreEqual(expected, scored);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task A_changed_file_is_served_without_a_restart()
    {
        using var folder = new ModelFolder();
        ITransformer first = _task.Fit(), second = _task.Fit(o => o.Seed = 2);
        TaskCase.Example row = TaskCase.Context.Data.CreateEnumerable<TaskCase.Example>(TaskCase.Data, reuseRowObject: false).First();
        float before = _task.Scores(first)[0], after = _task.Scores(second)[0];
        Assert.AreNotEqual(before, after);
        folder.Save(first);
        using ServiceProvider services = Services(folder.File, watch: true);
        var pool = services.GetRequiredService<PredictionEnginePool<TaskCase.Example, Prediction>>();
        Assert.AreEqual(before, pool.Predict(Name, row).Score);

        folder.Save(second);
        // The pool looks a moment after the change; until then the old model serves.
        float served;
        while ((served = pool.Predict(Name, row).Score) == before)
            await Task.Delay(50, TestContext.CancellationToken);
        Assert.AreEqual(after, served);
    }

    private static ServiceProvider Services(string file, bool watch)
    {
        var services = new ServiceCollection();
        services.AddPredictionEnginePool<TaskCase.Example, Prediction>().FromFile(Name, file, watchForChanges: watch);
        return services.BuildServiceProvider();
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    private sealed class ModelFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnethyper-pool-");

        internal string File => Path.Combine(_folder.FullName, "model.zip");

        internal void Save(ITransformer model)
        {
            // Opened for nobody else, so that the pool, which waits while it cannot open a file, never reads half a model.
            using var file = new FileStream(File, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            TaskCase.Context.Model.Save(model, TaskCase.Data.Schema, file);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
