#:project ../src/MLNetHyper.AutoML
#:property PublishAot=false

// What would a search have found? One training that tunes itself against the tuners of ML.NET AutoML, at equal cost.
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper.Search;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);

// A budget of 10 lets a tuner train ten times. The defaults are more repeats, more steps and budgets up to 30.
ComparisonResult result = mlContext.Auto().CreateRestartComparison(buildings, "HeatingLoad")
    .SetBudgets(1, 3, 10)
    .SetRepeats(3)
    .SetTraining(options => options with { Steps = 2000 })
    .Run();

Console.WriteLine($"{"contestant",-20} budget   median RMSE   cost");
foreach (ComparisonRow row in result.Rows)
    Console.WriteLine($"{row.Method,-20} {row.Multiple,6:F1} {row.Median,13:F3} {row.MeanCost,6:F1}");

// The page has the conclusion in words, and charts: error against cost, and the settings that were found beside those that were learned.
string report = Path.Combine(Path.GetTempPath(), "one-pass-against-automl.html");
ComparisonReport.Create(result, "dotnet run samples/AutoMLComparison.cs").Save(report);
Console.WriteLine($"{Path.GetFileName(report)} tells the rest");

// A notebook shows it as a picture: result

/* Expected output:
contestant           budget   median RMSE   cost
extrapolated            4.1         0.319    4.1
plain                   3.9         0.317    3.9
automl-random           1.0         0.437    1.0
automl-random           3.0         0.475    2.9
automl-random          10.0         0.400    9.8
automl-grid             1.0         0.429    1.0
automl-grid             3.0         0.429    1.0
automl-grid            10.0         0.377    7.8
automl-smac             1.0         0.437    1.0
automl-smac             3.0         0.475    2.9
automl-smac            10.0         0.400    9.8
automl-cost-frugal      1.0         0.371    1.0
automl-cost-frugal      3.0         0.371    2.9
automl-cost-frugal     10.0         0.377    9.8
automl-eci              1.0         0.371    1.0
automl-eci              3.0         0.371    2.9
automl-eci             10.0         0.377    9.8
one-pass-against-automl.html tells the rest
*/
