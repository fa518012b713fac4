#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// A weight decay for each of a network's weights, by implicit differentiation with three ways to multiply with the inverse Hessian.
using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using static TorchSharp.torch;

// Says what to do where libtorch cannot be used.
TorchRuntime.Require();

// Handwritten digits: few to train on, more to validate on, the rest to test on.
float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
using Tensor x = tensor(rows.SelectMany(row => row[..64]).ToArray(), [rows.Length, 64]) / 16, y = tensor(rows.Select(row => (long)row[64]).ToArray());

Console.WriteLine("weight decay            numbers  validation loss  test accuracy");
foreach ((string name, Granularity granularity, HypergradientMethod method) in (IEnumerable<(string, Granularity, HypergradientMethod)>)
[
    ("fixed", Granularity.Scalar, new Fixed()),
    ("one, Neumann", Granularity.Scalar, new ImplicitDifferentiation(new NeumannInverse(20))),
    ("per weight, Neumann", Granularity.PerWeight, new ImplicitDifferentiation(new NeumannInverse(20))),
    ("per weight, CG", Granularity.PerWeight, new ImplicitDifferentiation(new ConjugateGradientInverse(10, damping: 0.1))),
    ("per weight, Nystrom", Granularity.PerWeight, new ImplicitDifferentiation(new NystromInverse(20, damping: 0.1))),
])
{
    using TorchResult result = TorchOnePass.Train(
        () => nn.Sequential(("in", nn.Linear(64, 64)), ("tanh", nn.Tanh()), ("out", nn.Linear(64, 10))),
        (output, target) => nn.functional.cross_entropy(output, target),
        training: (x[..100], y[..100]),
        validation: (x[100..600], y[100..600]),
        OnePassOptions.Published with
        {
            Method = method,
            WeightDecayGranularity = granularity,
            Steps = 1000,
            Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = 1e-3 },
        });
    using Tensor right = result.Module.call(x[600..]).argmax(1).eq(y[600..]), share = right.mean([0], type: ScalarType.Float32);
    int numbers = granularity == Granularity.Scalar ? 1 : (int)result.Module.parameters().Sum(p => p.numel());
    Console.WriteLine($"{name,-22}  {numbers,7}  {result.BestValidationLoss,15:F2}  {share.ToSingle(),13:P1}");
}
