using System.Globalization;

namespace MLNetHyper.Samples.Tests;

/// <summary>Tables from a database, a Parquet file and a DataFrame.</summary>
[TestClass]
public sealed class DataSourcesTests
{
    [TestMethod]
    public void Every_source_gives_a_model_and_those_of_doubles_the_same()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string output = Dotnet.Run($"artifacts/bin/DataSources/{configuration}/DataSources.dll");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(new[] { "CSV file", "database", "Parquet file", "DataFrame", "DataFrame in ML.NET", "more than memory" }, lines.Select(line => line.Split(':')[0]).ToArray(), output);
        string[] errors = [.. lines.Select(line => line.Split("RMSE ")[1].Split(' ', ';')[0])];
        Assert.AreEqual(1, errors[..3].Distinct().Count(), output);
        // Predicting the mean would give 10.
        foreach (string error in errors)
            Assert.IsInRange(0, 0.8, double.Parse(error, CultureInfo.InvariantCulture), output);
    }
}
