using System.Globalization;
using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>What hyperparameters of the training loss bring on the handwritten digits, over several seeds: the samples TorchWeightDecay, TorchLabelNoise, TorchDistillation and TorchAugmentation, and what they are to be compared with.</summary>
internal static class Objectives
{
    private const int Seeds = 5;

    private static readonly (string Name, HypergradientMethod Method)[] _inverses =
    [
        ("Neumann, 20 products", new ImplicitDifferentiation(new NeumannInverse(20))),
        ("conjugate gradients, 10 products, damping 0.1", new ImplicitDifferentiation(new ConjugateGradientInverse(10, damping: 0.1))),
        ("Nyström, 20 columns, damping 0.1", new ImplicitDifferentiation(new NystromInverse(20, damping: 0.1))),
        ("Nyström, columns kept for 5 steps", new ImplicitDifferentiation(new NystromInverse(20, damping: 0.1, refresh: 5))),
    ];

    /// <param name="fashion">The folder with Fashion-MNIST's files, or null.</param>
    internal static void Write(string? fashion)
    {
        using LabelledImages digits = LabelledImages.Digits();
        Console.WriteLine($"Digits{(fashion is null ? "" : " and Fashion-MNIST")}, SGD of momentum 0.9 at learning rate 0.1 in full batches, a hyperparameter step every 10, weights of the lowest validation loss. Medians over {Seeds} seeds, accuracies with least and greatest.");
        WeightDecay(digits);
        LabelNoise(digits);
        Distillation(digits);
        Augmentation("digits", digits, training: 100, validation: 600);
        if (fashion is null)
            return;
        using LabelledImages clothes = LabelledImages.FashionMnist(fashion, training: 300, validation: 1500);
        Augmentation("images of Fashion-MNIST", clothes, training: 300, validation: 1500);
    }

    private static void WeightDecay(LabelledImages d)
    {
        Begin("Weight decay of a perceptron 64-64-10, 100 rows to train, 500 to validate, 1000 steps from 0.001");
        Row("one, fixed", seed => Train(new Fixed(), Granularity.Scalar, 100, seed));
        Row("one, Neumann, 20 products", seed => Train(_inverses[0].Method, Granularity.Scalar, 100, seed));
        foreach ((string name, HypergradientMethod method) in _inverses)
            Row($"4810, {name}", seed => Train(method, Granularity.PerWeight, 100, seed));
        Row("one, fixed, trained on the validation rows too", seed => Train(new Fixed(), Granularity.Scalar, 600, seed));

        (double, double, double?) Train(HypergradientMethod method, Granularity granularity, int rows, int seed)
        {
            using TorchResult result = TorchOnePass.Train(Perceptron, Loss, (d.Inputs[..rows], d.Labels[..rows]), (d.Inputs[100..600], d.Labels[100..600]), Options(method, 1e-3, 0.1, seed, ["wd"]) with { WeightDecayGranularity = granularity });
            return (result.BestValidationLoss, d.Accuracy(result.Module, d.Inputs, 600), null);
        }
    }

    private static void LabelNoise(LabelledImages d)
    {
        const int Rows = 800;
        Begin("A weight for each of 800 examples, 30 % of whose labels are wrong, 400 to validate, 1000 steps; last column: the share of wrong labels among as many examples of the lowest weights", "found");
        Row("right labels, no weights", seed => Train(new Fixed(), isNoisy: false, isWeighted: false, seed));
        Row("wrong labels, no weights", seed => Train(new Fixed(), isNoisy: true, isWeighted: false, seed));
        foreach ((string name, HypergradientMethod method) in _inverses)
            Row(name, seed => Train(method, isNoisy: true, isWeighted: true, seed));

        (double, double, double?) Train(HypergradientMethod method, bool isNoisy, bool isWeighted, int seed)
        {
            random.manual_seed(seed).Dispose();
            using Tensor isWrong = rand(Rows).lt(0.3), noisy = where(isWrong, (d.Labels[..Rows] + randint(1, 10, Rows)) % 10, d.Labels[..Rows]);
            using TorchResult result = TorchOnePass.Train(Perceptron, Loss, (d.Inputs[..Rows], isNoisy ? noisy : d.Labels[..Rows]), (d.Inputs[Rows..1200], d.Labels[Rows..1200]), Options(method, 1e-4, 0.1, seed, [ExampleWeights.Name]),
                regularizer: isWeighted ? new ExampleWeights(Rows, (output, target) => nn.functional.cross_entropy(output, target, reduction: nn.Reduction.None)) : null);
            double found = double.NaN;
            if (isWeighted)
            {
                IReadOnlyList<double> weights = result.RegularizerValues[ExampleWeights.Name];
                bool[] wrong = isWrong.data<bool>().ToArray();
                found = Enumerable.Range(0, Rows).OrderBy(i => weights[i]).Take(wrong.Count(w => w)).Average(i => wrong[i] ? 1.0 : 0);
            }
            return (result.BestValidationLoss, d.Accuracy(result.Module, d.Inputs, 1200), found);
        }
    }

    private static void Distillation(LabelledImages d)
    {
        Begin("Ten images of each digit, learned in 1000 steps from the first ten real ones, 1200 to validate; then a perceptron trained on them alone, from other weights, for 1000 steps");
        long[] all = d.Labels.data<long>().ToArray();
        long[] first = [.. Enumerable.Range(0, 10).SelectMany(digit => Enumerable.Range(0, 1200).Where(i => all[i] == digit).Take(10)).Select(i => (long)i)];
        using Tensor chosen = tensor(first), real = d.Inputs.index_select(0, chosen), labels = d.Labels.index_select(0, chosen);
        Row("the first ten real images", seed => Retrain(real, seed));
        foreach ((string name, HypergradientMethod method) in _inverses)
            Row(name, seed => Learn(method, seed));
        Row("all 1200 real images", seed => Train(d.Inputs[..1200], d.Labels[..1200], new Fixed(), null, Seeds + seed));

        (double, double, double?) Learn(HypergradientMethod method, int seed)
        {
            DistilledExamples distilled = new(real, 0, 1);
            using TorchResult result = Run(real, labels, method, distilled, seed);
            using Tensor learned = distilled.Inputs(result);
            return Retrain(learned, seed);
        }

        (double, double, double?) Retrain(Tensor inputs, int seed) => Train(inputs, labels, new Fixed(), null, Seeds + seed);

        (double, double, double?) Train(Tensor inputs, Tensor targets, HypergradientMethod method, ModuleRegularizer? regularizer, int seed)
        {
            using TorchResult result = Run(inputs, targets, method, regularizer, seed);
            return (result.BestValidationLoss, d.Accuracy(result.Module, d.Inputs, 1200), null);
        }

        TorchResult Run(Tensor inputs, Tensor targets, HypergradientMethod method, ModuleRegularizer? regularizer, int seed) =>
            TorchOnePass.Train(Perceptron, Loss, (inputs, targets), (d.Inputs[..1200], d.Labels[..1200]), Options(method, 1e-3, 0.01, seed, [DistilledExamples.Name]), regularizer: regularizer);
    }

    private static void Augmentation(string name, LabelledImages d, int training, int validation)
    {
        int side = (int)Math.Sqrt(d.Inputs.shape[1]);
        Begin($"A network of 225 weights that augments {training} {name}, {validation} to validate, 500 steps");
        using Tensor images = d.Inputs.view(-1, 1, side, side);
        Row("no augmentation", seed => Train(new Fixed(), null, seed));
        foreach ((string inverse, HypergradientMethod method) in _inverses)
            Row(inverse, seed => Train(method, new LearnedAugmentation(1, seed: seed), seed));

        (double, double, double?) Train(HypergradientMethod method, ModuleRegularizer? regularizer, int seed)
        {
            int end = training + validation;
            using TorchResult result = TorchOnePass.Train(() => nn.Sequential(("flat", nn.Flatten()), ("network", Perceptron(side * side))), Loss, (images[..training], d.Labels[..training]), (images[training..end], d.Labels[training..end]),
                Options(method, 1e-3, 0.01, seed, [LearnedAugmentation.Name]) with { Steps = 500 }, regularizer: regularizer);
            return (result.BestValidationLoss, d.Accuracy(result.Module, images, end), null);
        }
    }

    private static nn.Module<Tensor, Tensor> Perceptron() => Perceptron(64);

    private static nn.Module<Tensor, Tensor> Perceptron(int pixels) => nn.Sequential(("in", nn.Linear(pixels, 64)), ("tanh", nn.Tanh()), ("out", nn.Linear(64, 10)));

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private static OnePassOptions Options(HypergradientMethod method, double decay, double rate, int seed, IReadOnlyList<string> tune) => OnePassOptions.Published with
    {
        Method = method,
        MetaOptimizer = new AdamMetaOptimizer(rate),
        Steps = 1000,
        Seed = seed,
        Tune = method.MovesHyperparameters ? tune : null,
        Initial = new Dictionary<string, double> { ["lr"] = 0.1, ["wd"] = decay },
    };

    private static void Begin(string what, string? extra = null)
    {
        Console.WriteLine();
        Console.WriteLine($"| {what} | validation loss | test accuracy |{(extra is null ? "" : $" {extra} |")}");
        Console.WriteLine($"|---|---:|---:|{(extra is null ? "" : "---:|")}");
    }

    /// <param name="name">What is run.</param>
    /// <param name="run">A run by its seed; the last number, if there is one, is a share of a further column, NaN for none.</param>
    private static void Row(string name, Func<int, (double Loss, double Accuracy, double? Extra)> run)
    {
        (double Loss, double Accuracy, double? Extra)[] runs = [.. Enumerable.Range(0, Seeds).Select(run)];
        double[] accuracies = [.. runs.Select(r => r.Accuracy).Order()];
        string extra = runs[0].Extra is null ? "" : double.IsNaN(runs[0].Extra!.Value) ? " – |" : string.Create(CultureInfo.InvariantCulture, $" {100 * Median(runs.Select(r => r.Extra!.Value)):F0} % |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(runs.Select(r => r.Loss)):F3} | {100 * Median(accuracies):F1} % ({100 * accuracies[0]:F1} to {100 * accuracies[^1]:F1}) |{extra}"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Seeds / 2);
}
