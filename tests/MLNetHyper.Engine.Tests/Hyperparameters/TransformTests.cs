namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class TransformTests
{
    private static readonly Transform[] _all = [Transform.Log10, Transform.Logit, Transform.LogitUpTo(2), Transform.Identity];

    [TestMethod]
    public void Raw_and_real_are_inverse()
    {
        foreach (Transform transform in _all)
        {
            foreach (double real in new[] { 1e-6, 0.1, 0.5, 0.99 })
                Numbers.AreClose(real, transform.ToReal(transform.ToRaw(real)), 1e-13);
        }
    }

    [TestMethod]
    public void Vectors_transform_as_numbers_do()
    {
        foreach (Transform transform in _all)
        {
            double[] raw = [-5, -1, 0, 0.3, 6];
            DenseVector<double> values = raw.ToVector();
            transform.ToReal(values);
            for (int i = 0; i < raw.Length; i++)
                Numbers.AreClose(transform.ToReal(raw[i]), values.Span[i], 1e-14, floor: 0);
        }
    }

    [TestMethod]
    public void Ends_of_the_range_become_infinite_and_come_back()
    {
        Assert.AreEqual(double.NegativeInfinity, Transform.Log10.ToRaw(0));
        Assert.AreEqual(double.NegativeInfinity, Transform.Logit.ToRaw(0));
        foreach (Transform transform in new[] { Transform.Log10, Transform.Logit })
        {
            DenseVector<double> values = new[] { double.NegativeInfinity, -1 }.ToVector();
            transform.ToReal(values);
            Assert.AreEqual(0, values.Span[0]);
        }
    }

    [TestMethod]
    public void Chain_factors_are_finite_differences_in_raw_space()
    {
        foreach (Transform transform in _all)
        {
            double[] raw = [-2, -0.5, 0, 0.7];
            DenseVector<double> real = raw.ToVector();
            transform.ToReal(real);
            double[] expected = [.. raw.Select(r => 3 * Numbers.Derivative(t => transform.ToReal(r + t)))];
            DenseVector<double> gradient = real.CreateZero();
            gradient.Fill(3);
            transform.ApplyChainRule(real, gradient, real.CreateZero());
            Numbers.AreClose(expected, gradient.Span, 1e-9);
        }
    }
}
