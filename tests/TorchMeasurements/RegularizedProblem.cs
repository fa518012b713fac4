using MLNetHyper.Engine;
using MLNetHyper.Experiments;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>Data in three parts, and a network with places for regularizers.</summary>
internal sealed record RegularizedProblem(string Name, (Tensor Inputs, Tensor Targets) Training, (Tensor Inputs, Tensor Targets) Validation, (Tensor Inputs, Tensor Targets) Test, bool HasClasses, IReadOnlyList<TunedRegularizer> Regularizers)
{
    /// <summary>Dropout of both hidden layers.</summary>
    internal IReadOnlyList<TunedDropout> Dropouts => [.. Regularizers.OfType<TunedDropout>()];

    private bool IsOfImages => Training.Inputs.dim() == 4;

    /// <summary>The shipped table of a name, a tenth of its rows for validation and for tests each.</summary>
    internal static RegularizedProblem Table(string name, int seed)
    {
        PreparedData<float> data = DataPreparation.Prepare<float>(CsvTable.Load($"samples/data/{name}.csv"), new DataOptions { LabelColumn = "y", Seed = seed });
        bool hasClasses = data.Task != LearningTask.Regression;
        return new(name, Tensors(data.Train), Tensors(data.Validation), Tensors(data.Test!), hasClasses, [new TunedNoise(), new TunedFeatureDropout(), new TunedDropout("dropout1"), new TunedDropout("dropout2")]);

        (Tensor, Tensor) Tensors(Examples<float> examples)
        {
            Tensor targets = tensor(examples.Targets.ToArray());
            return (tensor(examples.Features.ToArray(), [examples.Count, examples.FeatureCount]), hasClasses ? targets.to_type(ScalarType.Int64) : targets.unsqueeze(1));
        }
    }

    /// <summary>The first images of Fashion-MNIST's parts: 5000 to learn from, 2500 for validation, all 10000 for tests.</summary>
    internal static RegularizedProblem FashionImages(string folder)
    {
        ImageDataset images = FashionMnist.Load(folder);
        Standardization statistics = images.Published.ChannelStatistics();
        return new("Fashion-MNIST, 5000 images", Tensors(images.Train.Slice(0, 5000)), Tensors(images.Validation.Slice(0, 2500)), Tensors(images.Test), true, [new TunedNoise(), new TunedCutout(), new TunedDropout("dropout1"), new TunedDropout("dropout2")]);

        (Tensor, Tensor) Tensors(ImageData part)
        {
            Examples<float> examples = part.ToExamples(statistics);
            return (tensor(examples.Features.ToArray(), [part.Count, 1, FashionMnist.Side, FashionMnist.Side]), tensor(examples.Targets.ToArray()).to_type(ScalarType.Int64));
        }
    }

    internal Tensor Loss(Tensor output, Tensor target) => HasClasses ? nn.functional.cross_entropy(output, target) : nn.functional.mse_loss(output, target);

    /// <summary>Two hidden layers of 64 units for tables; a convolution and a hidden layer for images.</summary>
    /// <param name="regularizers">Those that act in it.</param>
    /// <param name="responds">Whether its layers are to learn how to respond to them.</param>
    internal nn.Module<Tensor, Tensor> Network(SelfTuningRegularizers? regularizers, bool responds)
    {
        int outputs = HasClasses ? (int)Training.Targets.max().ToInt64() + 1 : 1;
        List<nn.Module<Tensor, Tensor>> layers = [.. Regularizers.Where(r => r is not TunedDropout).SelectMany(Place)];
        if (IsOfImages)
        {
            layers.AddRange([Convolution(1, 16), nn.ReLU(), nn.Flatten(), .. Place(Dropouts[0]), Dense(16 * 7 * 7, 64), nn.ReLU(), .. Place(Dropouts[1]), Dense(64, outputs)]);
            return nn.Sequential(layers);
        }
        layers.AddRange([Dense((int)Training.Inputs.shape[1], 64), nn.ReLU(), .. Place(Dropouts[0]), Dense(64, 64), nn.ReLU(), .. Place(Dropouts[1]), Dense(64, outputs)]);
        return nn.Sequential(layers);

        IEnumerable<nn.Module<Tensor, Tensor>> Place(TunedRegularizer regularizer) => regularizers?.Contains(regularizer) == true ? [regularizers.Layer(regularizer)] : [];

        nn.Module<Tensor, Tensor> Dense(int inputs, int units) => responds ? new BestResponseLinear(inputs, units, regularizers!) : nn.Linear(inputs, units);

        nn.Module<Tensor, Tensor> Convolution(int inputs, int channels) => responds ? new BestResponseConv2d(inputs, channels, 5, regularizers!, stride: 4, padding: 2) : nn.Conv2d(inputs, channels, 5, stride: 4, padding: 2);
    }
}
