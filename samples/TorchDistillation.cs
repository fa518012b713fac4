#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// Ten images of each digit, learned so that a network that trains on nothing else does well on the real ones.
using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Threads would only wait for each other in networks as small as these.
set_num_threads(1);

// Handwritten digits: 1200 to learn from, the rest to test on.
float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
using Tensor x = tensor(rows.SelectMany(row => row[..64]).ToArray(), [rows.Length, 64]) / 16, y = tensor(rows.Select(row => (long)row[64]).ToArray());

// The first ten of each digit, to start from and to compare with.
int[] first = [.. Enumerable.Range(0, 10).SelectMany(digit => Enumerable.Range(0, 1200).Where(i => rows[i][64] == digit).Take(10))];
using Tensor chosen = tensor(first.Select(i => (long)i).ToArray()), real = x.index_select(0, chosen), labels = y.index_select(0, chosen);

float Accuracy(nn.Module<Tensor, Tensor> module)
{
    using Tensor right = module.call(x[1200..]).argmax(1).eq(y[1200..]), share = right.mean([0], type: ScalarType.Float32);
    return share.ToSingle();
}

TorchResult Train(Tensor inputs, Tensor targets, HypergradientMethod method, ModuleRegularizer? regularizer, long steps, int seed) => TorchOnePass.Train(
    () => nn.Sequential(("in", nn.Linear(64, 64)), ("tanh", nn.Tanh()), ("out", nn.Linear(64, 10))),
    (output, target) => nn.functional.cross_entropy(output, target),
    training: (inputs, targets),
    validation: (x[..1200], y[..1200]),
    OnePassOptions.Published with
    {
        Method = method,
        MetaOptimizer = new AdamMetaOptimizer(0.01),
        Steps = steps,
        Seed = seed,
        Tune = method is Fixed ? null : [DistilledExamples.Name],
        Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = 1e-3 },
    },
    regularizer: regularizer);

var distilled = new DistilledExamples(real, lower: 0, upper: 1);
using TorchResult result = Train(real, labels, new ImplicitDifferentiation(new ConjugateGradientInverse(10, damping: 0.1)), distilled, 1000, seed: 0);
using Tensor learned = distilled.Inputs(result);

// Other networks, from other initial weights, see only the hundred images.
using TorchResult onReal = Train(real, labels, new Fixed(), null, 1000, seed: 1), onLearned = Train(learned, labels, new Fixed(), null, 1000, seed: 1), onAll = Train(x[..1200], y[..1200], new Fixed(), null, 1000, seed: 1);
Console.WriteLine($"test accuracy: {Accuracy(onReal.Module):P0} from a hundred real images, {Accuracy(onLearned.Module):P0} from a hundred learned ones, {Accuracy(onAll.Module):P0} from all 1200");

// A notebook shows it as a picture: result

/* Expected output:
test accuracy: 82 % from a hundred real images, 86 % from a hundred learned ones, 93 % from all 1200
*/
