#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// The parts that TorchOnePass puts together, put together by hand: in double precision, with a method of your choice, a learning
// rate for every tensor, gradient clipping, and a look at every hyperparameter step.
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

random.manual_seed(0);
using Tensor x = 4 * rand([500, 2], ScalarType.Float64) - 2, y = (x.select(1, 0).sin() * x.select(1, 1).cos()).unsqueeze(1);
using Tensor trainX = x[..400], trainY = y[..400], heldX = x[400..], heldY = y[400..];

using var objective = new TorchObjective(
    () => nn.Sequential(("in", nn.Linear(2, 16)), ("tanh", nn.Tanh()), ("dropout", nn.Dropout(0.02)), ("out", nn.Linear(16, 1))),
    (output, target) => nn.functional.mse_loss(output, target),
    type: ScalarType.Float64);
// The method looks back at the batches of one interval, and at one more.
using var training = new TensorBatchSource(trainX, trainY, batchSize: 100, shuffleSeed: 0, retained: 11);
using var validation = new TensorBatchSource(heldX, heldY, batchSize: 100, shuffleSeed: null, retained: 2, isForTraining: false);

var rule = new SgdUpdate(nesterov: true);
Hyperparameter[] hyperparameters = [.. rule.Hyperparameters.Select(h => h.Name == Hyperparameter.LearningRate ? h with { Initial = 0.01, Tuned = true, Granularity = Granularity.PerTensor } : h)];
var loop = new OnePassLoop<TorchVector>(objective, training, validation, new LoopOptions
{
    Rule = rule,
    Hyperparameters = hyperparameters,
    Method = new Neumann(lookBack: 7, Curvature.GaussNewton),
    MetaOptimizer = new AdamMetaOptimizer(metaLearningRate: 0.1),
    TuningInterval = 10,
    GradientClip = 1,
    Steps = 400,
});
LoopResult<TorchVector> result = loop.Run(new Printed());

Console.WriteLine($"{result.Status}, at the cost of {result.GradientEvaluations:F0} gradients; learning rates, all 0.01 at first:");
using Tensor rates = loop.Hyperparameters[Hyperparameter.LearningRate].Elements!.Tensor.alias();
foreach (TensorSegment tensor in objective.Tensors)
    Console.WriteLine($"  {tensor.Name,-10} {rates[tensor.Start].ToDouble():G2}");

// The trained module is the caller's; everything else belongs to the objective, which disposes of it.
using nn.Module<Tensor, Tensor> trained = objective.CreateTrained(result.Weights, training);
using Tensor point = tensor([1.0, 0.5], [1, 2]), prediction = trained.call(point);
Console.WriteLine($"sin 1 · cos 0.5 = {Math.Sin(1) * Math.Cos(0.5):F1}, predicted {prediction.ToDouble():F1}");

// A notebook shows it as a picture: result

sealed class Printed : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Step % 100 == 0)
            Console.WriteLine($"step {value.Step}: validation loss {value.ValidationLoss:G2}, mean learning rate {value.Hyperparameters[0].Value:G2}");
    }
}

/* Expected output:
step 100: validation loss 0.011, mean learning rate 0.067
step 200: validation loss 0.0073, mean learning rate 0.15
step 300: validation loss 0.0077, mean learning rate 0.19
step 400: validation loss 0.0074, mean learning rate 0.13
Completed, at the cost of 803 gradients; learning rates, all 0.01 at first:
  in.weight  0.23
  in.bias    0.24
  out.weight 0.039
  out.bias   0.0044
sin 1 · cos 0.5 = 0.7, predicted 0.7
*/
