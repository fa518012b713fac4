#:project ../src/MLNetHyper
#:property PublishAot=false

// A schedule of learning rates, a momentum and a weight decay, learned from zero in several whole trainings: what that costs, and what comes out of it.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
IDataView houses = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("Load", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData parts = mlContext.Data.TrainTestSplit(houses, testFraction: 0.2, seed: 0);

// Five windows of the learning rate, and at most six trainings to learn from; the method is one of SGD's.
var trainer = mlContext.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options
{
    LabelColumnName = "Load",
    Rule = new SgdUpdate(),
    Method = new ForwardSharing(learningRates: 5, momenta: 1, weightDecays: 1, passes: 6),
    Steps = 500,
    Seed = 0,
});
var fitted = trainer.Fit(parts.TrainSet);

TrainingRecord training = fitted.Model.Training;
Console.WriteLine($"{training.Status} after {training.Steps} steps; all of it cost as much as {training.GradientEvaluations / training.Steps:F0} plain trainings");
Trajectory schedule = training.Trajectory;
Console.WriteLine("step  learning rate  momentum  weight decay  validation loss");
for (int i = 9; i < schedule.Count; i += 10)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{schedule.Steps[i],4}  {schedule.Values("lr")[i],13:G2}  {schedule.Values("momentum")[i],8:G2}  {schedule.Values("wd")[i],12:G2}  {schedule.ValidationLosses[i],15:G2}"));
Console.WriteLine($"RMSE on other houses: {mlContext.Regression.Evaluate(fitted.Transform(parts.TestSet), "Load").RootMeanSquaredError:F1}");

// A notebook shows it as a picture: schedule

/* Expected output:
Completed after 500 steps; all of it cost as much as 67 plain trainings
step  learning rate  momentum  weight decay  validation loss
 100            0.1         0             0            0.016
 200            0.1         0             0            0.007
 300            0.1         0             0           0.0048
 400            0.1         0             0           0.0035
 500            0.1         0             0            0.003
RMSE on other houses: 0.6
*/
