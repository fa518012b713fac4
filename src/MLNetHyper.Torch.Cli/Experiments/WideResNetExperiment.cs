using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Cli;

/// <summary>
/// The experiment on CIFAR-10 of Micaelli and Storkey 2021 (figure 4): WRN-16-1, batches of 256, a schedule of five learning rates, one momentum and one weight decay over 50 epochs of 95 % of the
/// training images, learned in ten passes from zero, with another 5 % of them validating in each; then 50 epochs on all of them along the schedule.
/// </summary>
/// <remarks>Differs from the reference in that no images are mirrored or shifted, and that a pass that diverges goes back and halves its learning rate.</remarks>
internal sealed class WideResNetExperiment(int passes = 10, int batchSize = 256) : PaperExperiment
{
    private const int ShareOfValidation = 20;

    /// <summary>Images whose validation gradient or test error is computed at once.</summary>
    private const int LargeBatchSize = 500;

    public override string Name => "cifar-10-wrn";

    public override string Description => "color images of 32 x 32 pixels, 5 % of those for training validate, others in each pass (Krizhevsky 2009)";

    public override string Protocol => $"WRN-16-1, batches of {batchSize}, no augmentation, a schedule learned in {passes} passes and followed once more on all images, errors after the last step";

    public override string Metric => "test error (share of images)";

    public override string Files => Cifar10.Files.Needed;

    // The least that there are: the paper's number of repetitions is not in what we have of it.
    public override int PublishedInitializations => 3;

    // 50 epochs of 47500 images.
    public override long PublishedSteps => 9300;

    public override IReadOnlyList<PaperMethod> Methods { get; } =
        [new("fds", $"FDS, {passes} passes", new ForwardSharing(5, 1, 1, passes), [Hyperparameter.LearningRate, Hyperparameter.Momentum, Hyperparameter.WeightDecay], Guarded: true)];

    public override LoadedExperiment Load(string folder) => new Loaded(this, Cifar10.Load(folder), batchSize);

    private sealed class Loaded : LoadedModuleExperiment
    {
        private readonly int _batchSize;
        private readonly Device _device;
        private readonly Tensor _pixels, _labels, _testPixels, _testLabels;
        private Tensor[] _divided = [];

        internal Loaded(WideResNetExperiment experiment, ImageDataset images, int batchSize) : base(experiment)
        {
            (_batchSize, _device) = (batchSize, TorchRuntime.PreferredDevice);
            (_pixels, _labels) = (CifarExperiment.Pixels(images.Published, _device), CifarExperiment.Labels(images.Published, _device));
            (_testPixels, _testLabels) = (CifarExperiment.Pixels(images.Test, _device), CifarExperiment.Labels(images.Test, _device));
            StepsPerEpoch = (TrainingCount + batchSize - 1) / batchSize;
        }

        public override int StepsPerEpoch { get; }

        private int TrainingCount => (int)_labels.shape[0] - ValidationCount;

        private int ValidationCount => Math.Max(1, (int)_labels.shape[0] / ShareOfValidation);

        private protected override TorchObjective CreateObjective() =>
            new(() => new WideResNet(Cifar10.Classes, Cifar10.Channels), (logits, labels) => nn.functional.cross_entropy(logits, labels), _device);

        /// <summary>The last run trains on all images.</summary>
        private protected override BatchSource CreateTraining(bool withValidation, int seed) => new TensorBatchSource(_pixels, _labels, _batchSize, seed, PaperExperiment.Interval + 1);

        private protected override BatchSource CreateValidation(int seed) => Held(_pixels.narrow(0, TrainingCount, ValidationCount), _labels.narrow(0, TrainingCount, ValidationCount));

        private protected override BatchSource CreateTest() => new TensorBatchSource(_testPixels, _testLabels, LargeBatchSize, shuffleSeed: null, retained: 1, isForTraining: false);

        private protected override LoopResult<TorchVector> Train(TorchObjective objective, BatchSource training, BatchSource? validation, LoopOptions options, IProgress<TrainingProgress>? watch, CancellationToken cancellation) =>
            new SeveralPasses<TorchVector>(objective, training, validation, options with { Hyperparameters = SeveralPasses<TorchVector>.HyperparametersFor(options.Rule) }, Divide).Run(watch, cancellation);

        /// <summary>The share of images whose class is not that of the largest logit.</summary>
        private protected override double ErrorOf(TorchObjective objective, Tensor logits, TorchBatch batch) => logits.argmax(1).ne(batch.Targets).to_type(ScalarType.Float64).mean().ToDouble();

        protected override void Dispose(bool disposing)
        {
            foreach (Tensor owned in (Tensor[])[_pixels, _labels, _testPixels, _testLabels])
                owned.Dispose();
            Forget();
            base.Dispose(disposing);
        }

        /// <summary>The images in another order, of which the last validate.</summary>
        private (BatchSource Training, BatchSource Validation) Divide(int pass, int seed)
        {
            Forget();
            using Tensor order = tensor(Array.ConvertAll(ShuffledOrder.Of((int)_labels.shape[0], seed, epoch: -1), row => (long)row), device: _device);
            using Tensor pixels = _pixels.index_select(0, order), labels = _labels.index_select(0, order);
            int train = TrainingCount, heldOut = ValidationCount;
            _divided = [pixels.narrow(0, 0, train), labels.narrow(0, 0, train), pixels.narrow(0, train, heldOut), labels.narrow(0, train, heldOut)];
            foreach (Tensor part in _divided)
                part.DetachFromDisposeScope();
            return (new TensorBatchSource(_divided[0], _divided[1], _batchSize, seed, PaperExperiment.Interval + 1), Held(_divided[2], _divided[3]));
        }

        private static TensorBatchSource Held(Tensor pixels, Tensor labels) => new(pixels, labels, LargeBatchSize, shuffleSeed: null, retained: 2, isForTraining: false);

        private void Forget()
        {
            foreach (Tensor part in _divided)
                part.Dispose();
            _divided = [];
        }
    }
}
