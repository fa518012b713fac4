using static MLNetHyper.Engine.Tests.SearchTestData;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class RestartSearchTests
{
    public static IEnumerable<object[]> SearchesAndBudgets =>
        from search in RestartSearch.All
        from multiple in new[] { 1, 2, 3, 7, 10, 30 }
        select new object[] { search.Name, multiple };

    [TestMethod]
    [DynamicData(nameof(SearchesAndBudgets))]
    public void A_budget_is_kept_and_nearly_used_up(string name, int multiple)
    {
        RestartProblem problem = Problem();
        SearchOutcome outcome = Search(name).Run(problem, new SearchSpace(), multiple, CancellationToken.None);
        double cost = outcome.GradientEvaluations / problem.Steps;
        // Validation, which comes on top: 18 rows after every 10 steps of 90 rows, a third of a gradient's price a row.
        Assert.IsLessThan(multiple * 1.02, cost);
        // Here hardly anything diverges, so hardly anything is stopped early.
        Assert.IsGreaterThan(multiple * 0.75, cost);
        Assert.IsTrue(double.IsFinite(outcome.Best.ValidationLoss));
        Assert.IsLessThanOrEqualTo(outcome.Trials, outcome.Diverged);
        Assert.IsGreaterThanOrEqualTo(name == "grid" ? 1 : multiple, outcome.Trials);
    }

    [TestMethod]
    [DynamicData(nameof(SearchesAndBudgets))]
    public void Equal_seeds_give_equal_bits_and_others_do_not(string name, int multiple)
    {
        SearchOutcome Run(int seed) => Search(name).Run(Problem(seed), new SearchSpace(), multiple, CancellationToken.None);
        SearchOutcome first = Run(5), again = Run(5);
        Assert.AreEqual(first.Best.ValidationLoss, again.Best.ValidationLoss);
        Assert.AreEqual(first.Best.TestError(), again.Best.TestError());
        Assert.AreEqual(first.GradientEvaluations, again.GradientEvaluations);
        Assert.AreNotEqual(first.Best.ValidationLoss, Run(6).Best.ValidationLoss);
    }

    [TestMethod]
    public void A_larger_random_search_tries_the_same_settings_and_more()
    {
        SearchOutcome one = new RandomSearch().Run(Problem(), new SearchSpace(), 1, CancellationToken.None);
        double loss = one.Best.ValidationLoss;
        foreach (int multiple in new[] { 2, 4, 8, 16 })
        {
            double larger = new RandomSearch().Run(Problem(), new SearchSpace(), multiple, CancellationToken.None).Best.ValidationLoss;
            Assert.IsLessThanOrEqualTo(loss, larger);
            loss = larger;
        }
    }

    [TestMethod]
    public void Every_search_tries_the_one_pass_runs_start_first_within_its_space()
    {
        SearchPoint start = new(0.03, 2e-5, 0.8);
        RestartProblem problem = Problem(training: Training with { Initial = start.For(Training.Rule.Hyperparameters) });
        foreach (RestartSearch search in RestartSearch.All.Where(search => search is not AshaSearch).Append(new ScriptedSearch(session => session.Evaluate(session.Start))))
            Assert.AreEqual(start, search.Run(problem, new SearchSpace(), 1, CancellationToken.None).Best.Point, search.Name);
        SplitMix64 random = new(0, 1);
        CollectionAssert.AreEqual(new[] { start, new SearchSpace().Draw(ref random) }, RandomSearch.Points(problem, new SearchSpace(), 2));
        // The settings that halving begins with are told apart by a space of one point, in which all others lie.
        Assert.AreEqual(problem.StartIn(Hopeless), new AshaSearch().Run(problem, Hopeless with { LogLearningRate = (6, 6) }, 1, CancellationToken.None).Best.Point with { LearningRate = 1e6 });
        Assert.AreEqual(1e6, problem.StartIn(Hopeless).LearningRate, 1e-3);
    }

    [TestMethod]
    public void A_grid_has_different_points_in_bounds_and_never_more_than_the_budget()
    {
        for (int multiple = 1; multiple <= 1000; multiple++)
        {
            IReadOnlyList<SearchPoint> points = GridSearch.Points(new SearchSpace(), multiple);
            Assert.IsLessThanOrEqualTo(multiple, points.Count);
            Assert.IsGreaterThan(multiple / 2, points.Count);
            Assert.HasCount(points.Count, points.Distinct());
            Assert.IsTrue(points.All(p => new SearchSpace().Clamp(p) == p));
        }
        foreach (int multiple in new[] { 1, 2, 3, 10, 15, 30, 45, 100, 300, 1000 })
            Assert.HasCount(multiple, GridSearch.Points(new SearchSpace(), multiple));
    }

    [TestMethod]
    public void Hopeless_settings_are_stopped_and_deliver_nothing_finite()
    {
        foreach (RestartSearch search in RestartSearch.All)
        {
            RestartProblem problem = Problem();
            SearchOutcome outcome = search.Run(problem, Hopeless, 4, CancellationToken.None);
            Assert.IsFalse(double.IsFinite(outcome.Best.ValidationLoss), search.Name);
            Assert.AreEqual(outcome.Trials, outcome.Diverged, search.Name);
            Assert.IsLessThanOrEqualTo(4.1, outcome.GradientEvaluations / problem.Steps, search.Name);
        }
    }

    [TestMethod]
    public void Successive_halving_looks_at_many_settings_even_with_the_smallest_budget()
    {
        RestartProblem problem = Problem(training: Training with { Steps = 640 });
        SearchOutcome outcome = new AshaSearch().Run(problem, new SearchSpace(), 1, CancellationToken.None);
        Assert.IsGreaterThan(16, outcome.Trials);
        // What is promoted trains on: the best has come further than where all begin.
        Assert.IsGreaterThan(problem.StepsFor(1 / 64.0), outcome.Best.Step);
    }

    [TestMethod]
    public void Few_steps_are_enough_for_every_search()
    {
        foreach (RestartSearch search in RestartSearch.All)
        {
            SearchOutcome outcome = search.Run(Problem(training: Training with { Steps = 10 }), new SearchSpace(), 5, CancellationToken.None);
            Assert.IsTrue(double.IsFinite(outcome.Best.ValidationLoss), search.Name);
        }
    }

    [TestMethod]
    public void Cancellation_ends_a_search()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        foreach (RestartSearch search in RestartSearch.All)
            Assert.ThrowsExactly<OperationCanceledException>(() => search.Run(Problem(), new SearchSpace(), 1000, canceled.Token));
    }

    private static RestartSearch Search(string name) => RestartSearch.All.Single(s => s.Name == name);
}
