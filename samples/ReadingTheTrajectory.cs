#:project ../src/MLNetHyper
#:property PublishAot=false

// What a model knows about its own training: how the hyperparameters moved, and the errors on the way.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
IDataView arm = mlContext.Data.LoadFromTextFile(
    "samples/data/kin8nm.csv", [new("Features", DataKind.Single, 0, 7), new("Distance", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var model = mlContext.Regression.Trainers.OnePassSgd("Distance", steps: 4000).Fit(arm).Model;

TrainingRecord training = model.Training;
Console.WriteLine($"{training.Status} after {training.Steps} steps, the best at step {training.BestStep}");
Console.WriteLine($"All of it cost as much as {training.GradientEvaluations:F0} plain steps of SGD");

// One row of the trajectory for every ten steps, beside the errors at that time.
Trajectory trajectory = training.Trajectory;
Console.WriteLine("  step  learning rate   momentum  weight decay  validation RMSE");
for (int i = 99; i < trajectory.Count; i += 100)
    Console.WriteLine($"{trajectory.Steps[i],6}  {trajectory.Values("lr")[i],13:F4}  {trajectory.Values("momentum")[i],9:F3}  {trajectory.Values("wd")[i],12:F6}  {training.Epochs[i].ValidationError,15:F4}");

// The network itself, its standardization folded into the first layer.
foreach (DenseLayer layer in model.Network.FoldedLayers())
    Console.WriteLine($"{layer.Inputs} -> {layer.Units}: weights from {layer.Weights.Min():F2} to {layer.Weights.Max():F2}");

// A notebook shows it as a picture: trajectory

/* Expected output:
Completed after 4000 steps, the best at step 3840
All of it cost as much as 7237 plain steps of SGD
  step  learning rate   momentum  weight decay  validation RMSE
  1000         0.0646      0.952      0.000813           0.0813
  2000         0.0472      0.982      0.000394           0.0791
  3000         0.0794      0.988      0.000291           0.0779
  4000         0.0598      0.994      0.000357           0.0772
8 -> 50: weights from -0.70 to 0.74
50 -> 1: weights from -0.31 to 0.47
*/
