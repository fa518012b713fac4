#:project ../src/MLNetHyper

// Predicts the heating load of buildings: a pipeline like any other of ML.NET, with nothing to tune.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.1);

var trainer = mlContext.Regression.Trainers.OnePassSgd(labelColumnName: "HeatingLoad");
var model = trainer.Fit(split.TrainSet);

RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet), "HeatingLoad");
Console.WriteLine($"RMSE {metrics.RootMeanSquaredError:F3}, R2 {metrics.RSquared:F4} on rows that training never saw");

// How each feature matters: the error when its values are shuffled.
var importance = mlContext.Regression.PermutationFeatureImportance(model, split.TestSet, "HeatingLoad", permutationCount: 5);
for (int feature = 0; feature < importance.Length; feature++)
    Console.WriteLine($"x{feature + 1}: RMSE {importance[feature].RootMeanSquaredError.Mean:F2} higher when shuffled");
