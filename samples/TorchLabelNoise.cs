#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// A weight for each training example, learned from the validation loss, to deal with wrong labels.
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

// Handwritten digits: 800 to train on, 400 to validate on, the rest to test on.
float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
using Tensor x = tensor(rows.SelectMany(row => row[..64]).ToArray(), [rows.Length, 64]) / 16, y = tensor(rows.Select(row => (long)row[64]).ToArray());

// Three of ten training labels become another digit, drawn at random.
random.manual_seed(0);
using Tensor isWrong = rand(800).lt(0.3), noisy = where(isWrong, (y[..800] + randint(1, 10, 800)) % 10, y[..800]);

(TorchResult Result, float Accuracy) Train(Tensor labels, HypergradientMethod method, ModuleRegularizer? regularizer)
{
    TorchResult result = TorchOnePass.Train(
        () => nn.Sequential(("in", nn.Linear(64, 64)), ("tanh", nn.Tanh()), ("out", nn.Linear(64, 10))),
        (output, target) => nn.functional.cross_entropy(output, target),
        training: (x[..800], labels),
        validation: (x[800..1200], y[800..1200]),
        OnePassOptions.Published with { Method = method, MetaOptimizer = new AdamMetaOptimizer(0.1), Steps = 1000, Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = 1e-4 } },
        regularizer: regularizer);
    using Tensor right = result.Module.call(x[1200..]).argmax(1).eq(y[1200..]), share = right.mean([0], type: ScalarType.Float32);
    return (result, share.ToSingle());
}

// Their validation loss chooses the weights in all three, so that training on wrong labels ends in time.
(TorchResult clean, float cleanAccuracy) = Train(y[..800], new Fixed(), null);
(TorchResult plain, float plainAccuracy) = Train(noisy, new Fixed(), null);
(TorchResult weighted, float accuracy) = Train(noisy, new ImplicitDifferentiation(new NystromInverse(20, damping: 0.1)), new ExampleWeights(800, (output, target) => nn.functional.cross_entropy(output, target, reduction: nn.Reduction.None)));

Console.WriteLine($"test accuracy: {cleanAccuracy:P0} with right labels, {plainAccuracy:P0} with wrong ones among them, {accuracy:P0} with learned weights");
double[] weights = [.. weighted.RegularizerValues[ExampleWeights.Name]];
bool[] wrong = isWrong.data<bool>().ToArray();
Console.WriteLine($"mean weight: {weights.Where((_, i) => wrong[i]).Average():F1} of wrong labels, {weights.Where((_, i) => !wrong[i]).Average():F1} of right ones");
int[] lowest = [.. Enumerable.Range(0, 800).OrderBy(i => weights[i]).Take(wrong.Count(w => w))];
Console.WriteLine($"{lowest.Average(i => wrong[i] ? 1.0 : 0):P0} of the {lowest.Length} examples with the lowest weights have wrong labels");

var chart = new DistributionChart("Learned weights", "A dot for each training example; those whose labels are wrong should lie at the left.") { ValueLabel = "weight" }
    .Add("wrong labels", [.. weights.Where((_, i) => wrong[i])])
    .Add("right labels", [.. weights.Where((_, i) => !wrong[i])]);

// A notebook shows it as a picture: chart

/* Expected output:
test accuracy: 92 % with right labels, 82 % with wrong ones among them, 90 % with learned weights
mean weight: 0.1 of wrong labels, 0.8 of right ones
87 % of the 253 examples with the lowest weights have wrong labels
*/
