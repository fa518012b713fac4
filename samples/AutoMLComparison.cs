#:project ../src/MLNetHyper.AutoML
#:property PublishAot=false

// What would a search have given? One training that tunes itself against the tuners of ML.NET AutoML, at equal cost.
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

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

// The page has the conclusion in words, and pictures: error against cost, the settings that were found beside those that were learned.
string report = Path.Combine(Path.GetTempPath(), "one-pass-against-automl.html");
ComparisonReport.Create(result, "dotnet run samples/AutoMLComparison.cs").Save(report);
Console.WriteLine($"{Path.GetFileName(report)} tells the rest");
