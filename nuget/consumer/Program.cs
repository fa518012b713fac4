using MLNetHyper.Engine;

// The pack verb compares this output with what it expects; change both together.
double[] x = [.. Enumerable.Range(0, 300).Select(i => (i / 150.0) - 1)];
var table = new Table(new TableColumn("x", x), new TableColumn("y", [.. x.Select(v => v * v)]));
OnePassResult result = OnePass.Train(table, labelColumn: "y");
Console.WriteLine($"diverged: {result.Status == TrainingStatus.Diverged}, learned: {result.Test!.R2 > 0.9}");
