#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// Hyperparameters of the training loss itself: a weight for each example, which finds wrong labels; and noise on the inputs, in a few lines of your own.
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Made-up examples of two classes. Three of ten labels are wrong, but not those of the 100 examples held out.
random.manual_seed(0);
using Tensor y = arange(600, dtype: ScalarType.Int64) % 2, x = randn(600, 2) + 1.5 * (2 * y.unsqueeze(1) - 1);
using Tensor isWrong = (arange(500) % 10).lt(3), labels = where(isWrong, 1 - y[..500], y[..500]);

TorchResult Train(ModuleRegularizer? regularizer) => TorchOnePass.Train(
    () => nn.Sequential(("in", nn.Linear(2, 32)), ("tanh", nn.Tanh()), ("out", nn.Linear(32, 2))),
    (output, target) => nn.functional.cross_entropy(output, target),
    training: (x[..500], labels),
    validation: (x[500..], y[500..]),
    new OnePassOptions { Steps = 500 },
    regularizer: regularizer);

using TorchResult plain = Train(null);
using TorchResult weighted = Train(new ExampleWeights(500, (output, target) => nn.functional.cross_entropy(output, target, reduction: nn.Reduction.None)));
using TorchResult noisy = Train(new InputNoise());

double[] weights = [.. weighted.RegularizerValues[ExampleWeights.Name]];
bool[] wrong = isWrong.data<bool>().ToArray();
Console.WriteLine($"validation loss: {plain.BestValidationLoss:F2} plain, {weighted.BestValidationLoss:F2} with weights of examples, {noisy.BestValidationLoss:F2} with noise");
Console.WriteLine($"mean weight: {weights.Where((_, i) => wrong[i]).Average():F1} of wrong labels, {weights.Where((_, i) => !wrong[i]).Average():F1} of right ones");
Console.WriteLine($"noise: {noisy.Trajectory.Values("noise")[0]:G2} at first, {noisy.RegularizerValues["noise"][0]:G2} at the end");

// A notebook shows it as a picture: noisy

sealed class InputNoise : ModuleRegularizer
{
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [new("noise", Transform.Log10, 0.1, -3, 1) { Tuned = true }];

    public override Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        using Tensor noise = randn_like(batch.Inputs), scaled = noise * values[0], inputs = batch.Inputs + scaled;
        return network.call(inputs);
    }
}

/* Expected output:
validation loss: 0.40 plain, 0.11 with weights of examples, 0.40 with noise
mean weight: 0.1 of wrong labels, 0.8 of right ones
noise: 0.1 at first, 0.09 at the end
*/
