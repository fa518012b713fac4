using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class OptunaSearchTests
{
    private static OptunaSearch Tpe => Here(OptunaSearch.Tpe);

    private static OptunaSearch Bohb => Here(OptunaSearch.Bohb);

    [TestMethod]
    [DataRow("tpe", 1)]
    [DataRow("tpe", 4)]
    [DataRow("tpe", 20)]
    [DataRow("bohb", 1)]
    [DataRow("bohb", 4)]
    [DataRow("bohb", 20)]
    public void A_budget_is_kept_and_nearly_used_up(string name, int multiple)
    {
        RestartProblem problem = Problem();
        SearchOutcome outcome = Named(name).Run(problem, new SearchSpace(), multiple, CancellationToken.None);
        // Validation comes on top.
        Assert.IsInRange(multiple * 0.75, multiple * 1.02, outcome.GradientEvaluations / problem.Steps);
        Assert.IsTrue(double.IsFinite(outcome.Best.ValidationLoss));
        Assert.IsGreaterThanOrEqualTo(multiple, outcome.Trials);
    }

    [TestMethod]
    [DataRow("tpe")]
    [DataRow("bohb")]
    public void Equal_seeds_give_equal_bits_and_others_do_not(string name)
    {
        SearchOutcome Run(int seed) => Named(name).Run(Problem(seed), new SearchSpace(), 14, CancellationToken.None);
        SearchOutcome first = Run(5), again = Run(5);
        Assert.AreEqual(first.Best.ValidationLoss, again.Best.ValidationLoss);
        Assert.AreEqual(first.Best.Point, again.Best.Point);
        Assert.AreEqual(first.GradientEvaluations, again.GradientEvaluations);
        Assert.AreNotEqual(first.Best.ValidationLoss, Run(6).Best.ValidationLoss);
    }

    [TestMethod]
    public void The_start_is_tried_first()
    {
        SearchPoint start = new(0.03, 2e-5, 0.8);
        RestartProblem problem = Problem(training: Training with { Initial = start.For(Training.Rule.Hyperparameters) });
        SearchPoint tried = Tpe.Run(problem, new SearchSpace(), 1, CancellationToken.None).Best.Point;
        Assert.AreEqual(start.LearningRate, tried.LearningRate, 1e-12);
        Assert.AreEqual(start.WeightDecay, tried.WeightDecay, 1e-12);
        Assert.AreEqual(start.Momentum, tried.Momentum, 1e-12);
    }

    [TestMethod]
    public void A_rule_without_momentum_has_none_searched_for()
    {
        RestartProblem problem = Problem(training: Training with { Rule = new AdamUpdate() });
        Assert.IsTrue(double.IsFinite(Bohb.Run(problem, new SearchSpace(), 4, CancellationToken.None).Best.ValidationLoss));
    }

    [TestMethod]
    public void Bohb_stops_most_settings_early()
    {
        RestartProblem problem = Problem(training: Training with { Steps = 640 });
        SearchOutcome outcome = Bohb.Run(problem, new SearchSpace(), 6, CancellationToken.None);
        Assert.IsGreaterThan(12, outcome.Trials);
        Assert.AreEqual(problem.Steps, outcome.Best.Step, "What it delivers has trained to the end.");
    }

    [TestMethod]
    public void Hopeless_settings_are_stopped_and_deliver_nothing_finite()
    {
        foreach (OptunaSearch search in new[] { Tpe, Bohb })
        {
            SearchOutcome outcome = search.Run(Problem(), Hopeless, 4, CancellationToken.None);
            Assert.IsFalse(double.IsFinite(outcome.Best.ValidationLoss), search.Name);
            Assert.AreEqual(outcome.Trials, outcome.Diverged, search.Name);
        }
    }

    [TestMethod]
    public void Few_steps_are_enough()
    {
        foreach (OptunaSearch search in new[] { Tpe, Bohb })
            Assert.IsTrue(double.IsFinite(search.Run(Problem(training: Training with { Steps = 10 }), new SearchSpace(), 5, CancellationToken.None).Best.ValidationLoss), search.Name);
    }

    [TestMethod]
    public void Cancellation_ends_a_search()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        foreach (OptunaSearch search in new[] { Tpe, Bohb })
            Assert.Throws<OperationCanceledException>(() => search.Run(Problem(), new SearchSpace(), 1000, canceled.Token));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_is_told_decides_what_is_asked(bool multivariate)
    {
        Here(OptunaSearch.Tpe);
        double early = 0, late = 0;
        for (int seed = 0; seed < 3; seed++)
        {
            using OptunaStudy study = OptunaStudy.Start("tpe", new(seed, ["x", "y"], [0.9, 0.9], 10, multivariate, 1, 4), CancellationToken.None);
            List<double> losses = [];
            for (int i = 0; i < 50; i++)
            {
                double[] at = study.Ask();
                Assert.HasCount(2, at);
                if (i == 0)
                    CollectionAssert.AreEqual(new[] { 0.9, 0.9 }, at);
                losses.Add(Math.Pow(at[0] - 0.3, 2) + Math.Pow(at[1] - 0.6, 2));
                study.Tell(losses[^1]);
            }
            early += losses.Take(10).Average();
            late += losses.TakeLast(20).Average();
            Assert.IsLessThan(0.02, losses.Min());
        }
        Assert.IsLessThan(0.85 * early, late);
    }

    [TestMethod]
    public void Hyperband_lets_the_better_go_on()
    {
        Here(OptunaSearch.Bohb);
        using OptunaStudy study = OptunaStudy.Start("bohb", new(0, ["x"], [0.5], 2, true, 64, 4), CancellationToken.None);
        List<(double Loss, int Parts)> ends = [];
        for (int i = 0; i < 80; i++)
        {
            double loss = study.Ask()[0];
            int parts = 1;
            while (parts < 64 && !study.IsPruned(loss, parts))
                parts *= 4;
            if (parts == 64)
                study.Tell(loss);
            ends.Add((loss, parts));
        }
        Assert.IsTrue(ends.Any(end => end.Parts == 1));
        Assert.IsTrue(ends.Any(end => end.Parts == 64));
        Assert.IsLessThan(ends.Where(end => end.Parts == 1).Average(end => end.Loss), ends.Where(end => end.Parts == 64).Average(end => end.Loss));
    }

    [TestMethod]
    public void A_Python_that_ends_or_says_nothing_is_a_sentence()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: the stand-ins for Python are shell scripts.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            OptunaStudy Start(string script, CancellationToken cancellation)
            {
                string python = Path.Combine(folder.FullName, "python");
                File.WriteAllText(python, "#!/bin/sh\n" + script);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
                return OptunaStudy.Start(OptunaSetup.Trial, python, cancellation);
            }
            Assert.Contains("no memory", Assert.ThrowsExactly<IOException>(() => Start("read line\necho 'no memory' >&2\n", CancellationToken.None)).Message);
            Assert.Contains("hello", Assert.ThrowsExactly<IOException>(() => Start("read line\necho hello\n", CancellationToken.None)).Message);
            Assert.ThrowsExactly<IOException>(() => Start("exec cat\n", CancellationToken.None));
            using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(200));
            Assert.Throws<OperationCanceledException>(() => Start("exec sleep 86400\n", soon.Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static OptunaSearch Named(string name) => Here(OptunaSearch.Both.Single(search => search.Name == name));

    private static OptunaSearch Here(OptunaSearch search)
    {
        try
        {
            search.Require();
        }
        catch (ArgumentException missing)
        {
            Assert.Inconclusive($"Skipped: {missing.Message}");
        }
        return search;
    }
}
