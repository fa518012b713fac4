#:project ../src/MLNetHyper
#:property PublishAot=false

// Says for every prediction between which values the truth will lie nine times out of ten.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView hours = mlContext.Data.LoadFromTextFile(
    "samples/data/power.csv", [new("Features", DataKind.Single, 0, 3), new("Power", DataKind.Single, 4)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(hours, testFraction: 0.2);

var model = mlContext.Regression.Trainers.OnePassSgd(labelColumnName: "Power").Fit(split.TrainSet);
var intervals = mlContext.Transforms.PredictionInterval(model.Model, coverage: 0.9).Fit(model.Transform(split.TrainSet));

// Two more columns, which are saved and loaded with the model: model.Append(intervals).
IDataView scored = model.Append(intervals).Transform(split.TestSet);
float[] truth = [.. scored.GetColumn<float>("Power")], lower = [.. scored.GetColumn<float>("ScoreLower")], upper = [.. scored.GetColumn<float>("ScoreUpper")];
int held = truth.Where((y, i) => lower[i] <= y && y <= upper[i]).Count();
Console.WriteLine($"{held} of {truth.Length} hours that training never saw lie within {(upper[0] - lower[0]) / 2:F2} MW of their prediction");

// A notebook shows it as a picture: model.Model.Training

/* Expected output:
1705 of 1861 hours that training never saw lie within 5.54 MW of their prediction
*/
