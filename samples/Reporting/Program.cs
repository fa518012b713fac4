using MLNetHyper.Engine;
using MLNetHyper.Reports;
using MLNetHyper.Search;

// A comparison with restart-based search and a report of your own, without the command-line tool.
string folder = args.Length > 0 ? args[0] : "artifacts/samples";
Directory.CreateDirectory(folder);

Table table = CsvTable.Load("samples/data/energy.csv");
var options = new ComparisonOptions
{
    Data = new DataOptions { LabelColumn = "y" },
    Training = new OnePassOptions { Steps = 2000 },
    Searches = [new RandomSearch(), new AshaSearch()],
    Multiples = [1, 3],
    Repeats = 3,
};
ComparisonResult result = RestartComparison.Run(table, options);
Console.WriteLine(result.Conclusion);
ComparisonReport.Create(result, "samples/Reporting").Save(Path.Combine(folder, "comparison.html"));

OnePassResult run = result.Example;
var report = new Report("One run in pictures") { Subtitle = $"{run.Status}, seed {run.Training.Seed}" };
report.Add(new KeyFigure("Test RMSE", CompactNumber.Format(run.Test!.Rmse!.Value, 3), $"{run.Test.Rows} rows"));
report.Heading("Losses").Add(TrajectoryCharts.Losses(run.Model.Network));
report.Heading("Hyperparameters").Add([.. TrajectoryCharts.Hyperparameters(run.Model.Network)]);
report.Save(Path.Combine(folder, "run.html"));
Console.WriteLine($"Wrote comparison.html and run.html to {folder}.");
