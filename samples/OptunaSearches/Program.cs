using MLNetHyper.Engine;
using MLNetHyper.Search;

// What would TPE and BOHB have found? One training that tunes itself beside the searches of Optuna, which a Python on this machine must have.
var options = new ComparisonOptions
{
    Data = new DataOptions { LabelColumn = "y" },
    Training = new OnePassOptions { Steps = 500 },
    Searches = OptunaSearch.Both,
    Multiples = [1, 10],
    Repeats = 3,
    RandomInitialHyperparameters = true,
};
ComparisonResult result = RestartComparison.Run(CsvTable.Load("samples/data/energy.csv"), options);

Console.WriteLine("contestant     cost   median RMSE");
foreach (ComparisonRow row in result.Rows)
    Console.WriteLine($"{row.Method,-12} {row.MeanCost,6:F1} {row.Median,13:F2}");
Console.WriteLine(result.Conclusion);
