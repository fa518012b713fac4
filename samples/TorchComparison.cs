#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// What would random search have found? One training that tunes itself against random search whose trainings run all at once, on the
// first GPU where there is one.
using MLNetHyper.Engine;
using MLNetHyper.Search;
using MLNetHyper.Torch;

ComparisonResult result = RestartComparison.Run(CsvTable.Load("samples/data/energy.csv"), new ComparisonOptions
{
    Data = new DataOptions { LabelColumn = "y" },
    Training = new OnePassOptions { Steps = 500 },
    Searches = [new TorchRandomSearch()],
    Multiples = [1, 5],
    Repeats = 3,
});

Console.WriteLine("contestant         budget   median RMSE");
foreach (ComparisonRow row in result.Rows)
    Console.WriteLine($"{row.Method,-18} {row.Multiple,6:F1} {row.Median,13:G2}");

// A notebook shows it as a picture: result

/* Expected output:
contestant         budget   median RMSE
extrapolated          4.1          0.32
plain                 3.9          0.33
random-population     1.0          0.39
random-population     5.0          0.43
*/
