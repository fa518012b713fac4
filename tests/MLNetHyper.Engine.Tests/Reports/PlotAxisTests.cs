using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PlotAxisTests
{
    [TestMethod]
    [DataRow(AxisScale.Linear)]
    [DataRow(AxisScale.Logarithmic)]
    public void Any_range_has_three_to_ten_sorted_ticks_inside_it_with_different_labels(AxisScale scale)
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            double[] values = [Magnitude(random, scale), Magnitude(random, scale)];
            if (random.Next(4) == 0)
                values[1] = values[0] * (1 + (random.Next(3) * Math.Pow(10, -random.Next(1, 17))));
            var axis = PlotAxis.Fit(scale, values);

            Assert.IsInRange(3, 10, axis.Ticks.Count);
            CollectionAssert.AreEqual(axis.Ticks.Distinct().Order().ToArray(), axis.Ticks.ToArray());
            Assert.IsTrue(axis.Min <= axis.Ticks[0] && axis.Ticks[^1] <= axis.Max);
            Assert.IsTrue(values.All(value => axis.Min <= value && value <= axis.Max));
            string[] labels = [.. axis.Ticks.Select(axis.Label)];
            Assert.HasCount(labels.Length, labels.Distinct(), string.Join(" ", labels));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [TestMethod]
    [DataRow(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [DataRow(0, 0.3, "0.00 0.05 0.10 0.15 0.20 0.25 0.30")]
    [DataRow(-50, 50, "−40 −20 0 20 40")]
    [DataRow(0, 20000, "0 5,000 10,000 15,000 20,000")]
    [DataRow(0, 4e-5, "0 1e-5 2e-5 3e-5 4e-5")]
    [DataRow(0, 0, "−1.0 −0.5 0.0 0.5 1.0")]
    [DataRow(7, 7, "6.4 6.6 6.8 7.0 7.2 7.4 7.6")]
    public void Linear_labels_are_round(double min, double max, string expected) =>
        Assert.AreEqual(expected, Labels(AxisScale.Linear, min, max));

    [TestMethod]
    [DataRow(1e-6, 1, "1e-6 1e-5 1e-4 0.001 0.01 0.1 1")]
    [DataRow(0.1, 9, "0.1 0.2 0.5 1 2 5 10")]
    [DataRow(1e-30, 1e30, "1e-28 1e-21 1e-14 1e-7 1 1e7 1e14 1e21 1e28")]
    [DataRow(3, 4, "3.0 3.2 3.4 3.6 3.8 4.0")]
    public void Logarithmic_labels_are_round(double min, double max, string expected) =>
        Assert.AreEqual(expected, Labels(AxisScale.Logarithmic, min, max));

    [TestMethod]
    public void What_cannot_be_shown_does_not_stretch_the_axis()
    {
        var axis = PlotAxis.Fit(AxisScale.Logarithmic, [0, -5, double.NaN, double.PositiveInfinity, double.MaxValue, double.Epsilon, 1, 100]);
        Assert.IsInRange(0.5, 1, axis.Min);
        Assert.IsInRange(100, 200, axis.Max);
        Assert.AreEqual(0.5, axis.Position(10), 1e-12);
    }

    [TestMethod]
    public void An_axis_without_values_is_empty_and_has_no_ticks()
    {
        var axis = PlotAxis.Fit(AxisScale.Logarithmic, [0, double.NaN]);
        Assert.IsTrue(axis.IsEmpty);
        Assert.IsEmpty(axis.Ticks);
    }

    [TestMethod]
    public void The_axis_of_values_that_are_never_negative_is_never_negative() =>
        Assert.AreEqual(0, PlotAxis.Fit(AxisScale.Linear, [0.01, 8]).Min);

    private static string Labels(AxisScale scale, double min, double max)
    {
        var axis = PlotAxis.Fit(scale, [min, max]);
        return string.Join(' ', axis.Ticks.Select(axis.Label));
    }

    private static double Magnitude(Random random, AxisScale scale)
    {
        double value = Math.Pow(10, (random.NextDouble() * 60) - 30);
        return scale == AxisScale.Logarithmic || random.Next(2) == 0 ? value : random.Next(5) == 0 ? 0 : -value;
    }
}
