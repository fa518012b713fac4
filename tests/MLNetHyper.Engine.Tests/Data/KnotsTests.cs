namespace MLNetHyper.Engine.Tests;

/// <summary>A feature and its bins are lines between knots, wherever the feature is.</summary>
[TestClass]
public sealed class KnotsTests
{
    /// <summary>Between a place and the next, a value's share gives the value itself and what its bins hold together, for every number of bins, at the edges and far beyond them.</summary>
    [TestMethod]
    public void Lines_between_knots_are_the_feature_and_its_bins()
    {
        var random = new Random(1);
        for (int bins = 1; bins <= 40; bins++)
        {
            float[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => i + (0.5f * random.NextSingle()) - 2)];
            PiecewiseLinearEncoding encoding = new([[0, 1, 3], [], edges, []]);
            Knots knots = encoding.Knots;
            Assert.AreEqual(2 + bins + (2 * Knots.More), knots.Count);
            CollectionAssert.AreEqual(new[] { 1, 3 }, knots.Plain);
            CollectionAssert.AreEqual(new Knots.Feature[] { new(0, 4, 2, 0), new(2, 6, bins, 2 + Knots.More) }, knots.Features);
            foreach (float x in (float[])[.. edges, .. edges.Select(edge => edge + random.NextSingle()), edges[0] - 0.5f, edges[0] - 7, edges[^1] + 100])
            {
                float[] row = [1.5f, 7, x, 8], plain = new float[2], shares = new float[2], inputs = new float[encoding.OutputWidth];
                int[] places = new int[2];
                knots.Locate(row, plain, places, shares);
                encoding.Apply(row, inputs);
                CollectionAssert.AreEqual(new float[] { 7, 8 }, plain);
                foreach ((Knots.Feature feature, int place, float share) in knots.Features.Zip(places, shares))
                {
                    Assert.IsInRange(feature.FirstKnot, feature.FirstKnot + feature.Bins + Knots.More - 2, place);
                    Assert.AreEqual(row[feature.Number], Between(i => knots.Positions[i]), 1e-5f * Math.Max(1, Math.Abs(x)), $"{bins} bins, {x}");
                    Assert.AreEqual(inputs.AsSpan(feature.FirstBin, feature.Bins).ToArray().Sum(), Between(i => Math.Clamp(i - feature.FirstKnot - 1, 0, feature.Bins)), 1e-4f, $"{bins} bins, {x}");

                    float Between(Func<int, float> at) => ((1 - share) * at(place)) + (share * at(place + 1));
                }
            }
        }
    }

    /// <summary>Rows in memory, which are located once, and rows of a source, which are located in every epoch, make the same batches, bit by bit.</summary>
    [TestMethod]
    public void Rows_that_are_located_once_are_those_located_each_time()
    {
        const int Rows = 300, Width = 3;
        Random random = new(2);
        Examples<float> rows = new([.. Enumerable.Range(0, Rows * Width).Select(_ => random.NextSingle())], Width, [.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())]);
        PiecewiseLinearEncoding encoding = new([[0, 0.25f, 0.75f], [], [.. Enumerable.Range(0, 33).Select(i => 0.1f + (i / 40f))]]);
        Examples<float> inMemory = rows.Through([encoding]);
        LocatedRows? located = inMemory.Located;
        Assert.IsNotNull(located);
        Assert.AreSame(located, inMemory.Located);
        NetworkObjective<float> objective = new(new(encoding.OutputWidth, [20], 1, Activation.Relu, Loss.SquaredError), 1, null, examplesAreRows: true);
        DenseVector<float> weights = objective.CreateVector();
        objective.Initialize(weights, 1);
        BatchSource once = objective.CreateBatchSource(inMemory, 70, 5, 1), eachTime = objective.CreateBatchSource(new BlockedExamples(rows, 350) { Widening = [encoding] }, 70, 5, 1);
        ILinearization<DenseVector<float>> point = objective.CreateLinearization();
        for (int number = 0; number < 12; number++)
            Assert.AreEqual(point.Loss(weights, eachTime.BatchAt(number)), point.Loss(weights, once.BatchAt(number)), $"batch {number}");
    }

    [TestMethod]
    public void So_many_rows_that_they_would_have_to_come_from_memory_are_located_each_time()
    {
        PiecewiseLinearEncoding encoding = new([[0, 1, 2], [0, 1, 2]]);
        Assert.IsNotNull(LocatedRows.TryCreate(encoding.Knots, new float[1 << 20], 2));
        Assert.IsNull(LocatedRows.TryCreate(encoding.Knots, new float[(1 << 20) + 2], 2));
    }
}
