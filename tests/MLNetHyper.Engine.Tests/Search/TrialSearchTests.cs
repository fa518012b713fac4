using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class TrialSearchTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(30)]
    public void A_budget_is_kept_and_used_up(int multiple)
    {
        RestartProblem problem = Problem();
        SearchOutcome outcome = new HalvingSearch().Run(problem, new SearchSpace(), multiple, CancellationToken.None);
        Assert.AreEqual(multiple, outcome.Trials);
        Assert.AreEqual(0, outcome.Diverged);
        // Validation comes on top.
        Assert.AreEqual(multiple, outcome.GradientEvaluations / problem.Steps, multiple * 0.02);
        Assert.IsTrue(double.IsFinite(outcome.Best.ValidationLoss));
    }

    [TestMethod]
    public void A_session_counts_trials_and_keeps_the_best()
    {
        List<(SearchPoint Setting, double Loss)> seen = [];
        SearchOutcome outcome = Run(3, session =>
        {
            Assert.AreEqual(3, session.Trials);
            Assert.AreEqual(new SearchSpace(), session.Space);
            foreach (double rate in new[] { 1e-3, 0.1, 1e-4 })
            {
                SearchPoint setting = Good with { LearningRate = rate };
                Assert.AreEqual(seen.Count, session.Tried);
                seen.Add((setting, session.Evaluate(setting)));
            }
            Assert.AreEqual(3, session.Tried);
        });
        (SearchPoint setting, double loss) = seen.MinBy(s => s.Loss);
        Assert.AreEqual(loss, outcome.Best.ValidationLoss);
        Assert.AreEqual(setting, outcome.Best.Point);
    }

    [TestMethod]
    public void Equal_seeds_give_equal_bits_and_others_do_not()
    {
        static SearchOutcome Of(int seed) => new HalvingSearch().Run(Problem(seed), new SearchSpace(), 4, CancellationToken.None);
        SearchOutcome first = Of(5), again = Of(5), other = Of(6);
        Assert.AreEqual(first.Best.ValidationLoss, again.Best.ValidationLoss);
        Assert.AreEqual(first.Best.TestError(), again.Best.TestError());
        Assert.AreEqual(first.Best.Point, again.Best.Point);
        Assert.AreNotEqual(first.Best.ValidationLoss, other.Best.ValidationLoss);
    }

    [TestMethod]
    public void With_a_guard_a_trial_that_falls_goes_on_and_costs_a_whole_training()
    {
        RestartProblem problem = Problem();
        double loss = 0;
        SearchOutcome outcome = new ScriptedSearch(session => loss = session.Evaluate(Bad with { LearningRate = 10 }), guard: true)
            .Run(problem, new SearchSpace { LogLearningRate = (-4, 1) }, 1, CancellationToken.None);
        Assert.AreEqual((1, 0), (outcome.Trials, outcome.Diverged));
        Assert.AreEqual(outcome.Best.ValidationLoss, loss);
        Assert.IsGreaterThanOrEqualTo(1, outcome.GradientEvaluations / problem.Steps);
    }

    [TestMethod]
    public void Diverged_trials_are_counted_cost_what_they_took_and_count_as_predicting_the_mean()
    {
        RestartProblem problem = Problem();
        SearchSpace wide = new() { LogLearningRate = (-4, 7) };
        double loss = 0;
        SearchOutcome outcome = new ScriptedSearch(session =>
        {
            loss = session.Evaluate(Bad);
            session.Evaluate(Good);
            session.Evaluate(Bad);
        }).Run(problem, wide, 3, CancellationToken.None);
        float[] targets = problem.Data.Validation.Targets;
        double mean = problem.Data.Train.Targets.Average(t => (double)t);
        Assert.AreEqual(targets.Average(t => (t - mean) * (t - mean)), loss, 1e-6);
        Assert.AreEqual((3, 2), (outcome.Trials, outcome.Diverged));
        Assert.AreEqual(Good, outcome.Best.Point);
        Assert.IsLessThan(2, outcome.GradientEvaluations / problem.Steps);
        SearchOutcome hopeless = new HalvingSearch().Run(problem, Hopeless, 2, CancellationToken.None);
        Assert.AreEqual((2, 2), (hopeless.Trials, hopeless.Diverged));
        Assert.IsFalse(double.IsFinite(hopeless.Best.ValidationLoss));
    }

    [TestMethod]
    public void Settings_are_brought_within_the_space() =>
        Assert.AreEqual(new SearchSpace().Clamp(new(1e3, 1, 0.1)), Run(1, session => session.Evaluate(new(1e3, 1, 0.1))).Best.Point);

    [TestMethod]
    public void Wrong_uses_are_refused_in_a_sentence()
    {
        Refuses<InvalidOperationException>("has made its 2 trials", session =>
        {
            for (int i = 0; i < 3; i++)
                session.Evaluate(Good);
        });
        Refuses<InvalidOperationException>("without trying a single setting", _ => { });
        Refuses<ArgumentException>("finite", session => session.Evaluate(Good with { Momentum = double.NaN }));
        foreach (string name in new[] { " ", "a,b", "a|b", "a\"b", "a\nb" })
            Assert.ThrowsExactly<ArgumentException>(() => new HalvingSearch(name));
    }

    [TestMethod]
    public void Cancellation_ends_a_search_even_one_that_ignores_it()
    {
        using var canceled = new CancellationTokenSource();
        SearchOutcome Canceled(Action<TrialSession> script) => new ScriptedSearch(script).Run(Problem(), new SearchSpace(), 1000, canceled.Token);
        Assert.ThrowsExactly<OperationCanceledException>(() => Canceled(session =>
        {
            session.Evaluate(Good);
            canceled.Cancel();
            Assert.IsTrue(session.Cancellation.IsCancellationRequested);
            session.Evaluate(Good);
        }));
        Assert.ThrowsExactly<OperationCanceledException>(() => Canceled(_ => { }));
    }

    private static SearchOutcome Run(int trials, Action<TrialSession> script) => new ScriptedSearch(script).Run(Problem(), new SearchSpace(), trials, CancellationToken.None);

    private static void Refuses<T>(string part, Action<TrialSession> script) where T : Exception
    {
        // Through the comparison, on another thread, as users meet it.
        ComparisonOptions options = new() { Data = Data, Training = Training, Searches = [new ScriptedSearch(script)], Multiples = [2], Repeats = 1 };
        string message = Assert.ThrowsExactly<T>(() => RestartComparison.Run(Table(LearningTask.Regression), options)).Message;
        Assert.Contains(part, message);
    }
}
