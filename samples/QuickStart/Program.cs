using MLNetHyper.Engine;

Table houses = CsvTable.Load("samples/data/energy.csv");
OnePassResult result = OnePass.Train(houses, labelColumn: "y");

Console.WriteLine($"{result.Status} after {result.Steps} steps");
foreach (string name in result.TunedHyperparameters)
    Console.WriteLine($"{name,-8} started at {result.InitialHyperparameters[name]:G3}, tuned {result.Trajectory.Count} times");
Console.WriteLine($"RMSE     {result.Test!.Rmse:F3} on {result.Test.Rows} rows that training never saw");

result.Model.Save("energy.model");
OnePassModel model = OnePassModel.Load("energy.model");
Predictions predictions = model.Predict(houses.Select([0, 1, 2]));
Console.WriteLine($"first three predictions: {string.Join(", ", predictions.Values.Select(y => $"{y:F2}"))}");
