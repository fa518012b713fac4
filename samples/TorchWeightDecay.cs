#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// A weight decay for each of a network's weights, by implicit differentiation with three ways to multiply with the inverse Hessian.
using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Reports;
using MLNetHyper.Torch;
using TorchSharp;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Threads would only wait for each other in networks as small as these.
set_num_threads(1);

// Handwritten digits: few to train on, more to validate on, the rest to test on.
float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
using Tensor x = tensor(rows.SelectMany(row => row[..64]).ToArray(), [rows.Length, 64]) / 16, y = tensor(rows.Select(row => (long)row[64]).ToArray());

LineChart chart = new("Validation loss", "What one decay for each weight brings over one decay for all.") { XLabel = "step", YLabel = "loss", YScale = AxisScale.Logarithmic };
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
    Console.WriteLine($"{name,-22}  {numbers,7}  {result.BestValidationLoss,15:F1}  {share.ToSingle(),13:P0}");
    chart.Add(new(name, [.. result.Trajectory.Steps.Select(step => (double)step)], result.Trajectory.ValidationLosses));
}

// A notebook shows it as a picture: chart

/* Expected output:
weight decay            numbers  validation loss  test accuracy
fixed                         1              0.5           80 %
one, Neumann                  1              0.5           80 %
per weight, Neumann        4810              0.1           88 %
per weight, CG             4810              0.1           89 %
per weight, Nystrom        4810              0.1           89 %
*/
