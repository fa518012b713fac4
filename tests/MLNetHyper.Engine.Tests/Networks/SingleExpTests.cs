using System.Runtime.Intrinsics;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class SingleExpTests
{
    // Two units in the last place.
    private const double Tolerance = 2.4e-7;

    [TestMethod]
    public void Both_widths_follow_the_exponential_over_the_whole_range()
    {
        double worst = 0;
        for (int i = -87_000; i <= 88_000; i++)
        {
            float x = i / 1000f;
            float wide = SingleExp.Of(Vector512.Create(x))[7], narrow = SingleExp.Of(Vector256.Create(x))[3];
            Assert.AreEqual(wide, narrow);
            double expected = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(wide - expected) / expected);
        }
        Console.WriteLine($"largest relative deviation {worst:G3}");
        Assert.IsLessThan(Tolerance, worst);
        Assert.AreEqual(1f, SingleExp.Of(Vector512<float>.Zero)[0]);
    }

    [TestMethod]
    [DataRow(88.5f)]
    [DataRow(1e30f)]
    [DataRow(float.MaxValue)]
    [DataRow(float.PositiveInfinity)]
    public void Beyond_the_ends_it_stays_a_normal_number(float x)
    {
        foreach (float high in new[] { SingleExp.Of(Vector512.Create(x))[0], SingleExp.Of(Vector256.Create(x))[0] })
            Assert.IsTrue(float.IsFinite(high) && high > 1e38f, $"{high}");
        foreach (float low in new[] { SingleExp.Of(Vector512.Create(-x))[0], SingleExp.Of(Vector256.Create(-x))[0] })
            Assert.IsTrue(float.IsNormal(low) && low < 1e-37f, $"{low}");
    }

    [TestMethod]
    public void What_is_not_a_number_stays_so()
    {
        Assert.IsTrue(float.IsNaN(SingleExp.Of(Vector512.Create(float.NaN))[0]));
        Assert.IsTrue(float.IsNaN(SingleExp.Of(Vector256.Create(float.NaN))[0]));
    }
}
