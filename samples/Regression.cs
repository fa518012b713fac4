#:project ../src/MLNetHyper
#:property PublishAot=false

// Predicts the heating load of buildings: a pipeline like any other in ML.NET, with nothing to tune.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.1);

var trainer = mlContext.Regression.Trainers.OnePassSgd(labelColumnName: "HeatingLoad");
var model = trainer.Fit(split.TrainSet);

RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet), "HeatingLoad");
Console.WriteLine($"RMSE {metrics.RootMeanSquaredError:F3} kWh/m2, R2 {metrics.RSquared:F4} on rows that training never saw");

// How much each feature matters: how much the error rises when its values are shuffled.
string[] names = ["compactness", "surface", "walls", "roof", "height", "orientation", "glazing", "distribution"];
var importance = mlContext.Regression.PermutationFeatureImportance(model, split.TestSet, "HeatingLoad", permutationCount: 5);
foreach ((string name, RegressionMetricsStatistics change) in names.Zip(importance))
    Console.WriteLine($"shuffling {name,-13} raises RMSE by {change.RootMeanSquaredError.Mean,5:F2}");

// A notebook shows it as a picture: model.Model.Training

/* Expected output:
RMSE 0.282 kWh/m2, R2 0.9991 on rows that training never saw
shuffling compactness   raises RMSE by  1.71
shuffling surface       raises RMSE by  3.96
shuffling walls         raises RMSE by  3.98
shuffling roof          raises RMSE by  2.40
shuffling height        raises RMSE by  2.13
shuffling orientation   raises RMSE by  0.15
shuffling glazing       raises RMSE by  3.12
shuffling distribution  raises RMSE by  0.46
*/
