namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CompactNumberTests
{
    [TestMethod]
    [DataRow(0.1 + 0.2, "0.3")]
    [DataRow(0.18734, "0.1873")]
    [DataRow(1e-4, "1e-4")]
    [DataRow(0.001, "0.001")]
    [DataRow(-2.5e-7, "-2.5e-7")]
    [DataRow(0, "0")]
    [DataRow(1234.5678, "1235")]
    [DataRow(123456, "123,456")]
    [DataRow(1e12, "1e12")]
    [DataRow(double.NaN, "not a number")]
    [DataRow(double.NegativeInfinity, "-infinite")]
    public void Numbers_read_as_people_write_them(double value, string expected) =>
        Assert.AreEqual(expected, CompactNumber.Format(value));

    [TestMethod]
    public void Digits_are_the_callers_choice() => Assert.AreEqual("0.19", CompactNumber.Format(0.18734, 2));
}
