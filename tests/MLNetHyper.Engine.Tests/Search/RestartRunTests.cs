using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class RestartRunTests
{
    [TestMethod]
    public void A_run_in_pieces_is_the_run_in_one()
    {
        RestartProblem problem = Problem();
        RestartRun whole = problem.Start(Good, 0), pieces = problem.Start(Good, 0);
        whole.RunTo(problem.Steps, CancellationToken.None);
        foreach (long step in new[] { 30L, 30L, 70L, 160L })
            pieces.RunTo(step, CancellationToken.None);
        Assert.AreEqual(whole.LatestValidationLoss, pieces.LatestValidationLoss);
        Assert.AreEqual(whole.ValidationLoss, pieces.ValidationLoss);
        Assert.AreEqual(problem.Steps, pieces.Step);
    }

    [TestMethod]
    public void A_diverged_run_stops_and_costs_no_more()
    {
        RestartProblem problem = Problem();
        RestartRun run = problem.Start(Bad, 0);
        run.RunTo(problem.Steps, CancellationToken.None);
        Assert.IsTrue(run.HasDiverged);
        Assert.IsLessThan(problem.Steps, run.Step);
        Assert.IsLessThanOrEqualTo(run.Step * 1.1, run.GradientEvaluations);
        Assert.AreEqual(double.PositiveInfinity, run.LatestValidationLoss);
        run.RunTo(problem.Steps, CancellationToken.None);
        Assert.AreEqual(1, run.DivergedSettings);
    }

    [TestMethod]
    public void Adopting_revives_a_diverged_run_with_weights_momentum_and_step()
    {
        RestartProblem problem = Problem();
        RestartRun parent = problem.Start(Good, 0), child = problem.Start(Bad, 1);
        parent.RunTo(80, CancellationToken.None);
        child.RunTo(80, CancellationToken.None);
        Assert.IsTrue(child.HasDiverged);
        child.Adopt(parent, parent.Point);
        Assert.IsFalse(child.HasDiverged);
        Assert.AreEqual(parent.Step, child.Step);
        Assert.AreEqual(parent.LatestValidationLoss, child.LatestValidationLoss);
        parent.RunTo(problem.Steps, CancellationToken.None);
        child.RunTo(problem.Steps, CancellationToken.None);
        // Momentum differs from zero after 80 steps: without it the paths would part.
        Assert.AreEqual(parent.LatestValidationLoss, child.LatestValidationLoss);
        Assert.AreEqual((2, 1), (child.Settings, child.DivergedSettings));
    }

    [TestMethod]
    public void Adopting_takes_the_new_setting_and_keeps_the_own_best_weights()
    {
        RestartProblem problem = Problem();
        RestartRun parent = problem.Start(new(1e-4, 1e-4, 0.5), 0), child = problem.Start(Good, 1);
        parent.RunTo(80, CancellationToken.None);
        child.RunTo(80, CancellationToken.None);
        double best = child.ValidationLoss, error = child.TestError();
        Assert.IsLessThan(parent.ValidationLoss, best);
        child.Adopt(parent, new(1e-3, 1e-5, 0.7));
        Assert.AreEqual(new SearchPoint(1e-3, 1e-5, 0.7), child.Point);
        Assert.AreEqual(best, child.ValidationLoss);
        Assert.AreEqual(error, child.TestError());
        parent.RunTo(160, CancellationToken.None);
        child.RunTo(160, CancellationToken.None);
        Assert.IsLessThan(parent.LatestValidationLoss, child.LatestValidationLoss, "ten times the learning rate goes faster");
    }

    [TestMethod]
    public void Searches_look_for_learning_rate_and_weight_decay_of_Adam()
    {
        RestartRun run = Problem(training: Training with { Rule = new AdamUpdate() }).Start(new(0.02, 1e-3, 0.8), 0);
        run.RunTo(160, CancellationToken.None);
        Assert.IsTrue(double.IsFinite(run.ValidationLoss));
        Dictionary<string, double> values = new SearchPoint(0.02, 1e-3, 0.8).For(new AdamUpdate().Hyperparameters);
        CollectionAssert.AreEquivalent(new Dictionary<string, double> { ["lr"] = 0.02, ["wd"] = 1e-3 }, values);
    }

    [TestMethod]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Problem(training: Training with { TimeBudget = TimeSpan.FromSeconds(1) }));
        Assert.ThrowsExactly<ArgumentException>(() => Problem(training: Training with { Steps = 9 }));
    }

    [TestMethod]
    public void Shares_of_the_steps_are_whole_intervals()
    {
        RestartProblem problem = Problem(training: Training with { Steps = 4000 });
        CollectionAssert.AreEqual(new long[] { 60, 250, 1000, 4000 }, new[] { 1 / 64.0, 1 / 16.0, 0.25, 1 }.Select(problem.StepsFor).ToArray());
        RestartProblem few = Problem(training: Training with { Steps = 25 });
        CollectionAssert.AreEqual(new long[] { 10, 20, 25 }, new[] { 1 / 64.0, 0.9, 1 }.Select(few.StepsFor).ToArray());
    }
}
