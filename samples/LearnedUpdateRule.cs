#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// Can the update itself be learned while it is used (Metz et al. 2019)? First an update that is a mixture of the field's directions, whose shares learn from the validation loss: no better than AdamW;
// docs/choosing-a-method.md has twelve tables. Then a network that learns from images without labels, but is judged by a readout in closed form.
using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();
int[] seeds = [0, 1];
List<OnePassResult> mixtures = [];

Console.WriteLine($"Mean test error over {seeds.Length} divisions (RMSE, log-loss for classes)");
Console.WriteLine("table     untuned  adamw  mixture  mixture-per-tensor  shares of the mixture at the end");
foreach (string name in (string[])["energy", "digits"])
{
    Table table = CsvTable.Load($"samples/data/{name}.csv");
    OnePassResult[] untuned = Train(new MixtureUpdate(), tune: false), adam = Train(new AdamUpdate()), mixture = Train(new MixtureUpdate()), perTensor = Train(new MixtureUpdate(perTensor: true));
    mixtures.AddRange(mixture);
    string shares = string.Join(", ", ((string[])["slow", "fast", "sign", "plain"]).Select(share => $"{share} {mixture.Average(r => r.FinalHyperparameters[share]):F2}"));
    Console.WriteLine($"{name,-9} {Mean(untuned),7:F3}  {Mean(adam),5:F3}  {Mean(mixture),7:F3}  {Mean(perTensor),18:F3}  {shares}");

    OnePassResult[] Train(UpdateRule rule, bool tune = true) =>
        [.. seeds.Select(seed => OnePass.Train(table, new DataOptions { LabelColumn = "y", TestFraction = 0.2, Seed = seed }, OnePassOptions.Fast with { Rule = rule, Seed = seed, Tune = tune ? null : [], Method = tune ? OnePassOptions.Defaults.Method : new Fixed() }))];

    static double Mean(OnePassResult[] results) => results.Average(r => r.Test!.Error);
}

// Images of digits. An autoencoder learns to undo noise, from 1000 of them without their labels; the labels of the next 300 are there to validate by. That the readout chooses the weights is what helps;
// that it tunes the noise too does not, in so few steps. The reconstruction would have the least noise.
double[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => Array.ConvertAll(line.Split(','), text => double.Parse(text, CultureInfo.InvariantCulture)))];
using Tensor all = tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, 65], dtype: ScalarType.Float32);

Console.WriteLine();
Console.WriteLine("What a ridge readout makes of the features from 100 labels");
Console.WriteLine("tuning  validated by        noise  test accuracy");
(bool Tune, bool ByReadout)[] ways = [(false, false), (true, false), (false, true), (true, true)];
foreach ((bool tune, bool byReadout) in ways)
{
    (double Accuracy, double Noise)[] runs = [.. seeds.Select(seed => Autoencoder(tune, byReadout, seed))];
    Console.WriteLine($"{(tune ? "on" : "off"),-6}  {(byReadout ? "the readout" : "the reconstruction"),-18} {runs.Average(r => r.Noise),6:F2}  {100 * runs.Average(r => r.Accuracy),12:F1}%");
}

(double Accuracy, double Noise) Autoencoder(bool tune, bool byReadout, int seed)
{
    random.manual_seed(seed);
    using Tensor order = randperm(rows.Length), shuffled = all.index_select(0, order), x = shuffled[.., ..64] / 16, y = shuffled[.., 64].to(ScalarType.Int64);
    using TensorBatchSource labeled = new(x[..100], y[..100], 100, null, isForTraining: false);
    var readout = new RidgeReadout(labeled, (network, inputs) => ((Sequential)((Sequential)network)[0]).call(inputs), encode: digits => nn.functional.one_hot(digits, 10).to(ScalarType.Float32));
    using TorchResult result = TorchOnePass.Train(
        () => nn.Sequential(nn.Sequential(nn.Linear(64, 128), nn.ReLU()), nn.Linear(128, 64)),
        (output, target) => nn.functional.mse_loss(output, target),
        training: (x[..1000], x[..1000]),
        validation: (x[1000..1300], byReadout ? y[1000..1300] : x[1000..1300]),
        new OnePassOptions { Rule = new MixtureUpdate(), Steps = 300, Seed = seed, Tune = tune ? null : [], Method = tune ? OnePassOptions.Defaults.Method : new Fixed() },
        regularizer: new InputNoise(),
        validationLoss: byReadout ? readout : null);
    using Tensor predicted = readout.Predict(result.Module, x[1300..]).argmax(1);
    return (predicted.eq(y[1300..]).to(ScalarType.Float32).mean().ToDouble(), result.RegularizerValues["noise"][0]);
}

// A notebook shows it as a picture: mixtures[^1]

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
Mean test error over 2 divisions (RMSE, log-loss for classes)
table     untuned  adamw  mixture  mixture-per-tensor  shares of the mixture at the end
energy      0.450  0.465    0.483               0.480  slow 0.00, fast 0.01, sign 0.23, plain 0.00
digits      0.089  0.087    0.114               0.092  slow 0.00, fast 0.04, sign 0.38, plain 0.00

What a ridge readout makes of the features from 100 labels
tuning  validated by        noise  test accuracy
off     the reconstruction   0.10          84.4%
on      the reconstruction   0.02          82.5%
off     the readout          0.10          88.8%
on      the readout          0.45          88.9%
*/
