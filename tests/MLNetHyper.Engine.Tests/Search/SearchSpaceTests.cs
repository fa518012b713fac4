namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class SearchSpaceTests
{
    private const double Tolerance = 1e-12;

    [TestMethod]
    public void Corners_are_the_bounds()
    {
        SearchPoint low = new SearchSpace().At(0, 0, 0), high = new SearchSpace().At(1, 1, 1);
        Assert.AreEqual(1e-4, low.LearningRate, Tolerance);
        Assert.AreEqual(1e-7, low.WeightDecay, Tolerance);
        Assert.AreEqual(0.5, low.Momentum, Tolerance);
        Assert.AreEqual(1, high.LearningRate, Tolerance);
        Assert.AreEqual(1e-2, high.WeightDecay, Tolerance);
        Assert.AreEqual(0.99, high.Momentum, 1e-3);
        Assert.AreEqual(low, new SearchSpace().At(-1, -5, -0.1), "coordinates outside are clamped");
    }

    [TestMethod]
    public void Coordinates_are_where_a_setting_lies()
    {
        SearchSpace space = new();
        (double u, double v, double w) = space.CoordinatesOf(space.At(0.2, 0.5, 0.9));
        Assert.AreEqual(0.2, u, Tolerance);
        Assert.AreEqual(0.5, v, Tolerance);
        Assert.AreEqual(0.9, w, Tolerance);
        Assert.AreEqual((0.0, 0.0, 0.0), (space with { LogLearningRate = (-1, -1) }).CoordinatesOf(new(0.1, 1e-9, 0)), "a range of one number; outside of a range; a momentum of none");
    }

    [TestMethod]
    public void Draws_fill_the_space_and_stay_in_it()
    {
        SearchSpace space = new();
        SplitMix64 random = new(0, 0);
        SearchPoint[] points = new SearchPoint[1000];
        for (int i = 0; i < points.Length; i++)
            points[i] = space.Draw(ref random);
        Assert.IsTrue(points.All(p => space.Clamp(p) == p));
        double[] logs = [.. points.Select(p => Math.Log10(p.LearningRate))];
        Assert.AreEqual(-2, logs.Average(), 0.15, "the logarithm is uniform");
        Assert.IsGreaterThan(200, logs.Count(x => x < -3));
    }

    [TestMethod]
    public void Population_based_training_perturbs_by_a_fifth_or_draws_anew_within_the_space()
    {
        SearchSpace space = new();
        SplitMix64 random = new(1, 0);
        SearchPoint start = new(0.01, 1e-4, 0.9);
        int down = 0, up = 0;
        const int draws = 4000;
        for (int i = 0; i < draws; i++)
        {
            SearchPoint next = PopulationBasedTraining.Explore(start, space, ref random);
            Assert.AreEqual(next, space.Clamp(next));
            down += Math.Abs(next.LearningRate - 0.008) < Tolerance ? 1 : 0;
            up += Math.Abs(next.LearningRate - 0.012) < Tolerance ? 1 : 0;
        }
        // 3/8 each; four standard deviations.
        Assert.AreEqual(0.375, (double)down / draws, 0.031);
        Assert.AreEqual(0.375, (double)up / draws, 0.031);
    }

    [TestMethod]
    public void Clamping_moves_only_what_is_outside() =>
        Assert.AreEqual(new SearchPoint(1, 1e-3, 0.5), new SearchSpace().Clamp(new(1.2, 1e-3, 0.1)));
}
