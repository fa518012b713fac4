using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class StandardizationTests
{
    // A few thousand roundings of values near 1.
    private const double Tolerance = 1e-11;

    [TestMethod]
    public void A_folded_network_takes_raw_inputs_and_gives_raw_outputs()
    {
        Prop.ForAll<int>(Folds).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static void Folds(int seed)
    {
        Random random = new(seed);
        int inputs = random.Next(1, 9), hidden = random.Next(1, 12);
        double[] magnitudes = Draw(inputs, () => Math.Pow(10, random.Next(-30, 31)));
        Standardization features = new(Draw(inputs, i => magnitudes[i] * Signed()), Draw(inputs, i => magnitudes[i] * (0.1 + random.NextDouble())));
        Standardization target = new(Draw(1, () => 100 * Signed()), Draw(1, () => 0.1 + 10 * random.NextDouble()));
        double[] first = Draw(hidden * inputs, Signed), firstBias = Draw(hidden, Signed), last = Draw(hidden, Signed), lastBias = Draw(1, Signed);
        double[] raw = Draw(inputs, i => magnitudes[i] * 2 * Signed());

        double unfolded = target.Invert(Network(first, firstBias, last, lastBias, Draw(inputs, i => features.Apply(raw[i], i))), 0);
        (double[] foldedFirst, double[] foldedFirstBias) = features.FoldIntoFirstLayer(first, firstBias)!.Value;
        (double[] foldedLast, double[] foldedLastBias) = target.FoldIntoLastLayer(last, lastBias);
        double folded = Network(foldedFirst, foldedFirstBias, foldedLast, foldedLastBias, raw);

        Assert.AreEqual(unfolded, folded, Tolerance * (1 + Math.Abs(target.Offsets[0]) + target.Scales[0] * hidden * inputs * 20));

        double Signed() => 2 * random.NextDouble() - 1;
    }

    private static double[] Draw(int count, Func<double> draw) => Draw(count, _ => draw());

    private static double[] Draw(int count, Func<int, double> draw) => [.. Enumerable.Range(0, count).Select(draw)];

    private static double Network(double[] first, double[] firstBias, double[] last, double[] lastBias, double[] inputs)
    {
        double output = lastBias[0];
        for (int unit = 0; unit < firstBias.Length; unit++)
        {
            double sum = firstBias[unit];
            for (int i = 0; i < inputs.Length; i++)
                sum += first[unit * inputs.Length + i] * inputs[i];
            output += last[unit] * Math.Max(0, sum);
        }
        return output;
    }

    [TestMethod]
    public void Folding_several_outputs_scales_each_by_its_own()
    {
        Standardization target = new([1, 2], [10, 100]);
        (double[] weights, double[] bias) = target.FoldIntoLastLayer([1, 2, 3, 4], [1, 1]);
        Assert.AreEqual("10 20 300 400 / 11 102", string.Join(' ', weights) + " / " + string.Join(' ', bias));
    }

    [TestMethod]
    public void Values_that_make_no_sense_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new Standardization([0], [0]));
        Assert.ThrowsExactly<ArgumentException>(() => new Standardization([0], [-1]));
        Assert.ThrowsExactly<ArgumentException>(() => new Standardization([double.NaN], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => new Standardization([0, 0], [1]));
        Standardization two = new([0, 0], [1, 1]);
        Assert.ThrowsExactly<ArgumentException>(() => two.FoldIntoFirstLayer([1, 2, 3], [1]));
        Assert.ThrowsExactly<ArgumentException>(() => two.FoldIntoLastLayer([1, 2], [1]));
    }

    [TestMethod]
    public void Extremes_stay_finite()
    {
        Standardization tiny = new([1e308], [1e-300]);
        Assert.AreEqual(Standardization.MaximumMagnitude, tiny.Apply(1.7e308, 0));
        Assert.AreEqual(-Standardization.MaximumMagnitude, tiny.Apply(-1.7e308, 0));
        Assert.AreEqual(double.MaxValue, new Standardization([0], [1e308]).Invert(1e9, 0));
    }
}
