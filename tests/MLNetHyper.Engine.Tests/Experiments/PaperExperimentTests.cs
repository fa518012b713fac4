namespace MLNetHyper.Engine.Tests;

/// <summary>The seam that other engines' experiments use.</summary>
[TestClass]
public sealed class PaperExperimentTests
{
    [TestMethod]
    public void Managed_experiments_describe_themselves()
    {
        Assert.AreEqual("energy kin8nm power naval fashion-mnist", string.Join(' ', PaperExperiment.Managed.Select(e => e.Name)));
        foreach (PaperExperiment experiment in PaperExperiment.Managed)
        {
            Assert.StartsWith("test ", experiment.Metric);
            Assert.EndsWith(".", experiment.Files);
            Assert.AreEqual(0, experiment.PublishedSteps % PaperExperiment.Interval);
            Assert.AreEqual(experiment.IsSample, experiment.Name != "fashion-mnist");
            foreach (string line in new[] { experiment.Description, experiment.Protocol })
                Assert.IsFalse(line.Contains('\n') || line.EndsWith('.'), line);
        }
    }

    [TestMethod]
    public void An_engine_may_train_all_seeds_at_once()
    {
        var experiment = new Batched();
        List<double> seen = [];
        using LoadedExperiment loaded = experiment.Load("anywhere");
        IReadOnlyList<ReproductionRow> rows = PaperReproduction.Run(loaded, [PaperMethod.All[0]], seed: 4, progress: new Seen(seen));
        CollectionAssert.AreEqual(new[] { 4.0, 5, 6, 7, 8, 9 }, seen);
        Assert.AreEqual((30L, 1), (experiment.StepsAsked, experiment.Calls));
        // Errors 4 to 9 but 9 is a failure; of three runs each, that with the lowest training loss, which is the last.
        Assert.AreEqual((6, 1, 6.0, 4.0), (rows[0].Runs, rows[0].Failures, rows[0].Median, rows[0].Best));
        Assert.AreEqual((2, 1, 6.0), (rows[1].Runs, rows[1].Failures, rows[1].Best));
        loaded.Dispose();
        Assert.IsTrue(experiment.IsDisposed);
    }

    private sealed class Batched : PaperExperiment
    {
        internal long StepsAsked { get; private set; }

        internal int Calls { get; private set; }

        internal bool IsDisposed { get; private set; }

        public override string Name => "batched";

        public override string Description => "none";

        public override string Protocol => "none";

        public override string Metric => "test error";

        public override string Files => "It needs none.";

        public override int PublishedInitializations => 6;

        public override long PublishedSteps => 30;

        public override double FailureFrom => 9;

        public override LoadedExperiment Load(string folder) => new Loaded(this);

        private sealed class Loaded(Batched experiment) : LoadedExperiment(experiment)
        {
            internal override PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation) => throw new NotSupportedException("One by one is not how it is run.");

            internal override IReadOnlyList<PaperRun> RunAll(PaperMethod method, long steps, IReadOnlyList<int> seeds, Action<PaperRun> finished, CancellationToken cancellation)
            {
                experiment.StepsAsked = steps;
                experiment.Calls++;
                PaperRun[] runs = [.. seeds.Select(seed => new PaperRun(seed, -seed, 1))];
                Array.ForEach(runs, finished);
                return runs;
            }

            protected override void Dispose(bool disposing)
            {
                experiment.IsDisposed = true;
                base.Dispose(disposing);
            }
        }
    }

    private sealed class Seen(List<double> errors) : IProgress<(string Title, double TestError)>
    {
        public void Report((string Title, double TestError) value) => errors.Add(value.TestError);
    }
}
