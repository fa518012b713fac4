#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// Regularizers that tune themselves while the network trains: noise on the inputs and dropout of each hidden layer, though no loss can be differentiated by them. Then
// their schedule once more, on a plain network.
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Made-up examples: few, of 20 numbers of which two matter, with labels that are noisy.
random.manual_seed(0);
using Tensor x = randn(900, 20), y = (x.select(1, 0).sin() * x.select(1, 1) + 0.5 * randn(900)).unsqueeze(1);

// What is to be tuned, dropout from a start that is far too strong; then a network with a place for each of them, and layers that learn how their weights respond.
TunedNoise noise = new();
TunedDropout first = new("dropout1", initial: 0.7), second = new("dropout2", initial: 0.7);
SelfTuningRegularizers regularizers = new(noise, first, second);

nn.Module<Tensor, Tensor> SelfTuningNetwork() => nn.Sequential(
    regularizers.Layer(noise), new BestResponseLinear(20, 64, regularizers), nn.ReLU(),
    regularizers.Layer(first), new BestResponseLinear(64, 64, regularizers), nn.ReLU(),
    regularizers.Layer(second), new BestResponseLinear(64, 1, regularizers));

nn.Module<Tensor, Tensor> PlainNetwork() => nn.Sequential(
    regularizers.Layer(noise), nn.Linear(20, 64), nn.ReLU(),
    regularizers.Layer(first), nn.Linear(64, 64), nn.ReLU(),
    regularizers.Layer(second), nn.Linear(64, 1));

TorchResult Train(Func<nn.Module<Tensor, Tensor>> create, OnePassOptions options, Trajectory? schedule = null) => TorchOnePass.Train(
    create,
    (output, target) => nn.functional.mse_loss(output, target),
    training: (x[..300], y[..300]),
    validation: (x[300..], y[300..]),
    options with { Steps = 800, BatchSize = 100 },
    regularizer: regularizers,
    schedule: schedule);

using TorchResult tuned = Train(SelfTuningNetwork, SelfTuning.Options);
using TorchResult replayed = Train(PlainNetwork, SelfTuning.Options with { Method = new Fixed() }, tuned.Trajectory);
using TorchResult untuned = Train(PlainNetwork, SelfTuning.Options with { Method = new Fixed() });

Trajectory trajectory = tuned.Trajectory;
Console.WriteLine(" step  noise  dropout1  dropout2");
for (int step = 200; step <= 800; step += 200)
{
    IReadOnlyDictionary<string, double> values = trajectory.At(step);
    Console.WriteLine($"{step,5}  {values["noise"],5:F1}  {values["dropout1"],8:F1}  {values["dropout2"],8:F1}");
}
Console.WriteLine($"validation loss: {untuned.BestValidationLoss:F2} as they were at first, {tuned.BestValidationLoss:F2} tuned, {replayed.BestValidationLoss:F2} by their schedule");

// A notebook shows it as a picture: tuned

/* Expected output:
 step  noise  dropout1  dropout2
  200    0.2       0.5       0.6
  400    0.1       0.3       0.4
  600    0.1       0.3       0.4
  800    0.1       0.2       0.4
validation loss: 0.53 as they were at first, 0.51 tuned, 0.49 by their schedule
*/
