using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using static TorchSharp.torch;

// The pack verb compares this output with what it expects; change both together.
TorchRuntime.Require();
using Tensor x = linspace(-1, 1, 300).unsqueeze(1), y = x * x;
using TorchResult result = TorchOnePass.Train(
    () => nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1)),
    (output, target) => nn.functional.mse_loss(output, target),
    training: (x, y),
    validation: (x, y),
    new OnePassOptions { Steps = 1000 });
using Tensor prediction = result.Module.call(x);
Console.WriteLine($"diverged: {result.Status == TrainingStatus.Diverged}, learned: {nn.functional.mse_loss(prediction, y).ToDouble() < 0.01}");
