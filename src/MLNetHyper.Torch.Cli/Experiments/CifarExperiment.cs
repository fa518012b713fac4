using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Cli;

/// <summary>
/// The experiment on CIFAR-10 of Clarke et al. 2022 (section 4.3): torchvision's ResNet-18, whose stem is made for larger images, the last 5000 training
/// images validate, batches of 100, 32400 steps (72 epochs of the 45000 images), no augmentation, T = 10, i = 5. The rows that
/// train on the validation images too take as many steps as the others.
/// </summary>
/// <remarks>
/// Two things differ from the reference implementation. It subtracts means and divides by deviations of pixels between 0 and 1 without
/// having divided pixels by 255 first; here they are. And its running statistics of batch normalization gather along the
/// way, of training and validation batches; here they are those of 100 training batches at the last weights.
/// </remarks>
internal sealed class CifarExperiment(int width = 64, int batchSize = 100) : PaperExperiment
{
    /// <summary>Images whose test loss is computed at once.</summary>
    private const int TestBatchSize = 500;

    private static readonly double[] _means = [0.4914, 0.4822, 0.4465];
    private static readonly double[] _deviations = [0.247, 0.243, 0.261];

    public override string Name => "cifar-10";

    public override string Description => "color images of 32 x 32 pixels, the last tenth of those for training (5000 of 50000) validates (Krizhevsky 2009)";

    public override string Protocol => "ResNet-18, batches of 100, no augmentation, hyperparameters drawn at random, tuned every 10 steps, cross-entropy after the last step";

    public override string Metric => "test cross-entropy";

    public override string Files => Cifar10.Files.Needed;

    public override int PublishedInitializations => 50;

    public override long PublishedSteps => 32_400;

    public override LoadedExperiment Load(string folder) => new Loaded(this, Cifar10.Load(folder), width, batchSize);

    /// <summary>Images × channels × height × width, as the network takes them.</summary>
    internal static Tensor Pixels(ImageData images, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor Channels(double[] values) => tensor(values, [1, values.Length, 1, 1], dtype: ScalarType.Float32, device: device);
        // As bytes, they take a quarter of the way to the device.
        Tensor bytes = tensor(images.Pixels.ToArray(), [images.Count, images.Channels, images.Height, images.Width], device: device);
        using Scalar white = 255.0;
        return bytes.to_type(ScalarType.Float32).div_(white).sub_(Channels(_means)).div_(Channels(_deviations)).DetachFromDisposeScope();
    }

    /// <summary>A class for each image.</summary>
    internal static Tensor Labels(ImageData images, Device device) => tensor(Array.ConvertAll(images.Labels.ToArray(), label => (long)label), device: device);

    private sealed class Loaded : LoadedModuleExperiment
    {
        private readonly int _width, _batchSize;
        private readonly Device _device;
        private readonly Tensor _pixels, _labels, _trainPixels, _trainLabels, _validationPixels, _validationLabels, _testPixels, _testLabels;

        internal Loaded(CifarExperiment experiment, ImageDataset images, int width, int batchSize) : base(experiment)
        {
            (_width, _batchSize, _device) = (width, batchSize, TorchRuntime.PreferredDevice);
            (_pixels, _labels) = (Pixels(images.Published, _device), Labels(images.Published, _device));
            int train = images.Train.Count, heldOut = images.ValidationCount;
            (_trainPixels, _trainLabels) = (_pixels.narrow(0, 0, train), _labels.narrow(0, 0, train));
            (_validationPixels, _validationLabels) = (_pixels.narrow(0, train, heldOut), _labels.narrow(0, train, heldOut));
            (_testPixels, _testLabels) = (Pixels(images.Test, _device), Labels(images.Test, _device));
            StepsPerEpoch = (train + batchSize - 1) / batchSize;
        }

        public override int StepsPerEpoch { get; }

        private protected override TorchObjective CreateObjective() =>
            new(() => new ResNet18(Cifar10.Classes, Cifar10.Channels, _width, smallImages: false), (logits, labels) => nn.functional.cross_entropy(logits, labels), _device);

        private protected override BatchSource CreateTraining(bool withValidation, int seed) =>
            new TensorBatchSource(withValidation ? _pixels : _trainPixels, withValidation ? _labels : _trainLabels, _batchSize, seed, PaperExperiment.Interval + 1);

        private protected override BatchSource CreateValidation(int seed) => new TensorBatchSource(_validationPixels, _validationLabels, _batchSize, seed, retained: 2);

        private protected override BatchSource CreateTest() => new TensorBatchSource(_testPixels, _testLabels, TestBatchSize, shuffleSeed: null, retained: 1, isForTraining: false);

        protected override void Dispose(bool disposing)
        {
            foreach (Tensor owned in (Tensor[])[_trainPixels, _trainLabels, _validationPixels, _validationLabels, _pixels, _labels, _testPixels, _testLabels])
                owned.Dispose();
            base.Dispose(disposing);
        }
    }
}
