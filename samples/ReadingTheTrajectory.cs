#:project ../src/MLNetHyper
#:property PublishAot=false

// What a model knows about its own training: how the hyperparameters moved, and the errors on the way.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
IDataView arm = mlContext.Data.LoadFromTextFile(
    "samples/data/kin8nm.csv", [new("Features", DataKind.Single, 0, 7), new("Distance", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var model = mlContext.Regression.Trainers.OnePassSgd("Distance").Fit(arm).Model;

TrainingRecord training = model.Training;
Console.WriteLine($"{training.Status} after {training.Steps} steps, the best at step {training.BestStep}");
Console.WriteLine($"All of it cost as much as {training.GradientEvaluations:F0} gradients of one network on one batch");

// One row of the trajectory for every ten steps, with the errors at that time.
Trajectory trajectory = training.Trajectory;
Console.WriteLine("  step  learning rate  weight decay  validation loss");
for (int i = 49; i < trajectory.Count; i += 50)
    Console.WriteLine($"{trajectory.Steps[i],6}  {trajectory.Values("lr")[i],13:G3}  {trajectory.Values("wd")[i],12:G3}  {trajectory.ValidationLosses[i],15:G3}");

// The networks themselves, whose mean is the model, and what features pass before they see them.
foreach (InputTransform transform in model.Network.Inputs)
    Console.WriteLine($"{transform.InputWidth} -> {transform.OutputWidth}: {transform.GetType().Name}");
foreach (ReadOnlyMemory<float> weights in model.Network.Weights)
    Console.WriteLine($"{weights.Length} weights from {weights.ToArray().Min():F1} to {weights.ToArray().Max():F1}");

// A notebook shows it as a picture: trajectory

/* Expected output:
StoppedEarly after 2710 steps, the best at step 1450
All of it cost as much as 12049 gradients of one network on one batch
  step  learning rate  weight decay  validation loss
   500        0.00512      0.000993           0.0851
  1000        0.00512      0.000128           0.0669
  1500        0.00512      7.29E-05           0.0638
  2000        0.00512      7.29E-05           0.0648
  2500        0.00459      0.000121           0.0663
8 -> 8: Standardization
8 -> 136: PiecewiseLinearEncoding
12993 weights from -0.9 to 0.6
12993 weights from -1.0 to 0.8
12993 weights from -1.0 to 0.7
12993 weights from -0.9 to 0.5
*/
