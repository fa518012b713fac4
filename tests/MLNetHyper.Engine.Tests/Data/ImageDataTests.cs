namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ImageDataTests
{
    private const int Channels = 2, Side = 3, Pixels = Channels * Side * Side, Count = 40;

    [TestMethod]
    public void Pixels_and_channels_get_mean_0_and_deviation_1()
    {
        ImageData images = Random();
        foreach ((Standardization statistics, int groups) in new[] { (images.PixelStatistics(), Pixels), (images.ChannelStatistics(), Channels) })
        {
            Assert.AreEqual(groups, statistics.Count);
            Examples<float> examples = images.ToExamples(statistics);
            Assert.AreEqual((Count, Pixels), (examples.Count, examples.FeatureCount));
            for (int group = 0; group < groups; group++)
            {
                double[] values = [.. examples.Features.Where((_, i) => i % Pixels * groups / Pixels == group).Select(v => (double)v)];
                double mean = values.Average();
                Assert.AreEqual(0, mean, 1e-6);
                Assert.AreEqual(1, values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1), 1e-5);
            }
        }
    }

    [TestMethod]
    public void Features_are_the_standardized_bytes_and_targets_the_labels()
    {
        ImageData images = Random();
        Examples<float> examples = images.ToExamples(new Standardization([1, 2], [2, 4]));
        for (int i = 0; i < Count * Pixels; i++)
            Assert.AreEqual(i % Pixels < 9 ? (images.Pixels.Span[i] - 1) / 2f : (images.Pixels.Span[i] - 2) / 4f, examples.Features[i]);
        CollectionAssert.AreEqual(images.Labels.ToArray(), examples.Targets.Select(t => (byte)t).ToArray());
    }

    [TestMethod]
    public void What_never_varies_keeps_its_scale()
    {
        ImageData black = new(1, 1, 2, 3, new byte[] { 7, 1, 7, 2 }, new byte[] { 0, 2 });
        Standardization statistics = black.PixelStatistics();
        Assert.AreEqual((7.0, 1.0), (statistics.Offsets[0], statistics.Scales[0]));
        Assert.AreEqual(Math.Sqrt(0.5), statistics.Scales[1], 1e-15);
        Assert.AreEqual(1.0, black.Slice(0, 1).PixelStatistics().Scales[1]);
    }

    [TestMethod]
    public void Slices_are_runs_of_images()
    {
        ImageData images = Random(), part = images.Slice(3, 5);
        Assert.AreEqual(5, part.Count);
        CollectionAssert.AreEqual(images.Pixels.ToArray()[(3 * Pixels)..(8 * Pixels)], part.Pixels.ToArray());
        CollectionAssert.AreEqual(images.Labels.ToArray()[3..8], part.Labels.ToArray());
    }

    [TestMethod]
    public void What_does_not_fit_together_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new ImageData(1, 2, 2, 10, new byte[5], new byte[1]));
        Assert.ThrowsExactly<ArgumentException>(() => new ImageData(1, 1, 1, 2, new byte[1], new byte[] { 2 }));
        Assert.ThrowsExactly<ArgumentException>(() => Random().ToExamples(new Standardization([1, 2, 3], [1, 1, 1])));
    }

    private static ImageData Random()
    {
        byte[] pixels = new byte[Count * Pixels], labels = new byte[Count];
        new Random(1).NextBytes(pixels);
        for (int i = 0; i < Count; i++)
            labels[i] = (byte)(i % 7);
        return new ImageData(Channels, Side, Side, 7, pixels, labels);
    }
}
