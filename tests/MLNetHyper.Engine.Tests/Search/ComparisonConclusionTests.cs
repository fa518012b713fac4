namespace MLNetHyper.Engine.Tests;

/// <summary>The sentences must be true, whoever wins.</summary>
[TestClass]
public sealed class ComparisonConclusionTests
{
    [TestMethod]
    public void One_pass_ahead_of_all()
    {
        ComparisonResult result = Result(1, plain: 2, (1, 1, 3.0), (10, 10, 1.5));
        Assert.IsNull(result.CatchUpFactor);
        Assert.Contains("None of the others did as well within these budgets; the nearest was random with a budget of 10 plain trainings, with 1.5 at 5 × the cost of one pass.", result.Conclusion);
        Assert.Contains("It is not clear whether tuning helped: the same start without it reached 2 at the cost of 1 plain training.", result.Conclusion);
        Assert.Contains("Medians of 1 repeat are rough.", result.Conclusion);
    }

    [TestMethod]
    public void A_search_catches_up_at_a_price()
    {
        ComparisonResult result = Result(1, plain: 2, (1, 1, 3.0), (10, 9, 1.0), (30, 30, 0.5));
        Assert.AreEqual(4.5, result.CatchUpFactor);
        Assert.Contains("The cheapest to do as well was random with a budget of 10 plain trainings, with 1: it needed 4.5 × the cost of one pass.", result.Conclusion);
        Assert.Contains("The lowest error, 0.5, was that of random with a budget of 30 plain trainings, at 15 × the cost.", result.Conclusion);
    }

    [TestMethod]
    public void A_search_is_as_good_for_less()
    {
        ComparisonResult result = Result(1, plain: 2, (1, 1, 0.9));
        Assert.AreEqual(0.5, result.CatchUpFactor);
        Assert.Contains("It is not clear whether one pass pays off here: random with a budget of 1 plain training did as well, with 0.9, at 0.5 × the cost of one pass.", result.Conclusion);
    }

    [TestMethod]
    public void The_same_start_untuned_competes_for_being_as_good()
    {
        ComparisonResult result = Result(1, plain: 0.5, (10, 10, 0.4));
        Assert.AreEqual(0.5, result.CatchUpFactor);
        Assert.Contains("the same start untuned did as well, with 0.5, at 0.5 × the cost of one pass. The lowest error, 0.4, was that of random with a budget of 10 plain trainings, at 5 × the cost.", result.Conclusion);
        Assert.Contains("It is not clear whether tuning helped: the same start without it reached 0.5", result.Conclusion);
    }

    [TestMethod]
    public void Standings_tell_the_cheapest_row_that_was_enough()
    {
        ComparisonResult result = Result(1, plain: 2, (1, 1, 3.0), (10, 9, 0.9), (20, 18, 0.52), (30, 30, 0.5));
        CollectionAssert.AreEqual(new[] { "forward", "plain", "random" }, result.Standings.Select(s => s.Method).ToArray());
        (ContestantStanding onePass, ContestantStanding plain, ContestantStanding random) = (result.Standings[0], result.Standings[1], result.Standings[2]);
        Assert.AreEqual(new ContestantStanding("forward", null, null, null), onePass);
        Assert.AreEqual(new ContestantStanding("plain", null, null, null), plain);
        Assert.AreEqual((10.0, 4.5), (random.CatchUp!.Multiple, random.CatchUpFactor!.Value));
        Assert.AreEqual((20.0, 18.0), (random.NearBest!.Multiple, random.NearBest.MeanCost));
        Assert.AreEqual(result.CatchUpFactor, random.CatchUpFactor);
    }

    [TestMethod]
    public void Single_runs_stand_too()
    {
        ComparisonResult result = Result(1, plain: 0.97, (1, 1, 3.0));
        Assert.AreEqual(result.OnePass, result.Standings[0].NearBest);
        Assert.AreEqual((result.PlainTraining, 0.5, result.PlainTraining), (result.Standings[1].CatchUp, result.Standings[1].CatchUpFactor, result.Standings[1].NearBest));
        Assert.AreEqual(new ContestantStanding("random", null, null, null), result.Standings[2]);
    }

    [TestMethod]
    [DataRow(0.5, "Tuning helped: the same start without it reached 2 at the cost of 1 plain training (error with tuning over without: 0.5, 95 % interval 0.4")]
    [DataRow(4, "Tuning harmed: the same start without it reached 2")]
    [DataRow(1.01, "It is not clear whether tuning helped: the same start without it reached 2 at the cost of 1 plain training (error with tuning over without: 1.01, 95 % interval 0.9")]
    public void Tuning_is_judged_repeat_by_repeat(double factor, string sentence)
    {
        double[] plain = [1.9, 2, 2.5], noise = [1, 1.02, 0.98];
        ComparisonOptions options = new() { Data = SearchTestData.Data, Repeats = 3 };
        ComparisonEntry Entry(string method, int repeat, double error, double cost) => new(method, cost, repeat, error, cost, 1, false, 1, 0);
        ComparisonResult result = new(null, LearningTask.Regression, options,
            [.. Enumerable.Range(0, 3).Select(i => Entry("forward", i, factor * noise[i] * plain[i], 2)), .. Enumerable.Range(0, 3).Reverse().Select(i => Entry("plain", i, plain[i], 1)), .. Enumerable.Range(0, 3).Select(i => Entry("random", i, 3, 1))], null!);
        Assert.Contains(sentence, result.Conclusion);
    }

    /// <summary>What catches up in most resamples of the repeats bounds the factor, and where nothing does it has no end.</summary>
    [TestMethod]
    [DataRow(new[] { 0.5, 0.6, 0.7 }, 0.5, 0.5, "One pass did not pay off here: the same start untuned did as well, with 0.6, at only 0.5 × the cost of one pass (95 % interval 0.5 × to 0.5 ×).")]
    [DataRow(new[] { 1.5, 0.9, 0.9 }, 0.5, double.PositiveInfinity, "It is not clear whether one pass pays off here: the same start untuned did as well, with 0.9, at 0.5 × the cost of one pass (95 % interval 0.5 × to beyond these budgets).")]
    [DataRow(new[] { 1.5, 1.4, 1.3 }, double.PositiveInfinity, double.PositiveInfinity, "None of the others did as well within these budgets (95 % interval beyond these budgets); the nearest was the same start untuned")]
    public void The_factor_is_as_certain_as_the_repeats_make_it(double[] plain, double lower, double upper, string sentence)
    {
        ComparisonOptions options = new() { Data = SearchTestData.Data, Repeats = 3 };
        ComparisonEntry Entry(string method, int repeat, double error, double cost) => new(method, cost, repeat, error, cost, 1, false, 1, 0);
        ComparisonResult result = new(null, LearningTask.Regression, options,
            [.. Enumerable.Range(0, 3).Select(i => Entry("forward", i, 1, 2)), .. Enumerable.Range(0, 3).Select(i => Entry("plain", i, plain[i], 1)), .. Enumerable.Range(0, 3).Select(i => Entry("random", i, 3, 3))], null!);
        Assert.AreEqual(new CatchUpInterval(lower, upper), result.CatchUpInterval);
        Assert.Contains(sentence, result.Conclusion);
    }

    /// <summary>One pass at cost 2 and random search with (budget, cost, error).</summary>
    private static ComparisonResult Result(double onePass, double plain, params (int Budget, double Cost, double Error)[] searches)
    {
        ComparisonOptions options = new() { Data = SearchTestData.Data, Repeats = 1 };
        return new(null, LearningTask.Regression, options,
            [new("forward", 2, 0, onePass, 2, 1, false, 1, 0), new("plain", 1, 0, plain, 1, 1, false, 1, 0), .. searches.Select(s => new ComparisonEntry("random", s.Budget, 0, s.Error, s.Cost, 1, false, s.Budget, 0))], null!);
    }
}
