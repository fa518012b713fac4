#:project ../src/MLNetHyper
#:property PublishAot=false

// Says beside every prediction between which values the truth will lie nine times out of ten.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.3);

var model = mlContext.Regression.Trainers.OnePassSgd(labelColumnName: "HeatingLoad").Fit(split.TrainSet);
var intervals = mlContext.Transforms.PredictionInterval(model.Model, coverage: 0.9).Fit(model.Transform(split.TrainSet));

// Two columns more, which are saved and loaded with the model: model.Append(intervals).
IDataView scored = model.Append(intervals).Transform(split.TestSet);
float[] truth = [.. scored.GetColumn<float>("HeatingLoad")], lower = [.. scored.GetColumn<float>("ScoreLower")], upper = [.. scored.GetColumn<float>("ScoreUpper")];
int held = truth.Where((y, i) => lower[i] <= y && y <= upper[i]).Count();
Console.WriteLine($"{held} of {truth.Length} buildings that training never saw lie within {(upper[0] - lower[0]) / 2:F2} kWh/m2 of their prediction");

/* Expected output:
*/
