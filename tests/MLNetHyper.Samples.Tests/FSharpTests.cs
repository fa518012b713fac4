using System.Globalization;

namespace MLNetHyper.Samples.Tests;

/// <summary>The trainers from F#.</summary>
[TestClass]
public sealed class FSharpTests
{
    [TestMethod]
    public void FSharp_trains_and_evaluates()
    {
        // Beside this assembly, built with it in the same configuration.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string output = Dotnet.Run($"artifacts/bin/FSharp/{configuration}/FSharp.dll");
        Assert.StartsWith("RMSE ", output);
        // Predicting the mean would give 10.
        Assert.IsInRange(0, 0.8, double.Parse(output.Split(' ')[1], CultureInfo.InvariantCulture), output);
    }
}
