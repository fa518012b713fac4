using MLNetHyper.Engine;

// A new update rule with a new hyperparameter. Everything else works with it: methods, guard, checkpoints, reports.
Table table = CsvTable.Load("samples/data/energy.csv");
OnePassResult result = OnePass.Train(table, new DataOptions { LabelColumn = "y" }, new OnePassOptions { Rule = new DampedUpdate(), Steps = 3000 });
Console.WriteLine($"{result.Status}: RMSE {result.Test!.Rmse:F3}");
foreach ((string name, double value) in result.FinalHyperparameters)
    Console.WriteLine($"{name,-8} {result.InitialHyperparameters[name]:G3} -> {value:G3}");
