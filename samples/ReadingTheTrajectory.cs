#:project ../src/MLNetHyper

// What a model knows about its own training: how the hyperparameters moved, and the errors on the way.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
IDataView arm = mlContext.Data.LoadFromTextFile(
    "samples/data/kin8nm.csv", [new("Features", DataKind.Single, 0, 7), new("Distance", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var model = mlContext.Regression.Trainers.OnePassSgd("Distance", numberOfSteps: 4000).Fit(arm).Model;

TrainingRecord training = model.Training;
Console.WriteLine($"{training.Status} after {training.Steps} steps, best at step {training.BestStep}; worth {training.GradientEvaluations:F0} gradients of a batch");
Trajectory trajectory = training.Trajectory;
Console.WriteLine("  step  learning rate   momentum  weight decay  validation RMSE");
for (int i = 99; i < trajectory.Count; i += 100)
    Console.WriteLine($"{trajectory.Steps[i],6}  {trajectory.Values("lr")[i],13:G3}  {trajectory.Values("momentum")[i],9:F3}  {trajectory.Values("wd")[i],12:G3}  {training.Epochs[i].ValidationError,15:F4}");
Console.WriteLine($"The first layer's weights for raw features: {string.Join(", ", model.Network.Layers[0].Weights.Take(3).Select(w => $"{w:F3}"))}, ...");
