namespace MLNetHyper.Experiments;

/// <summary>
/// The experiment on Fashion-MNIST of Clarke et al. 2022 (section 4.2): an MLP of 784, 50 ReLU and 10 softmax units, the last 10000
/// training images validate, batches of 50 for training and validation, 10000 steps (10 epochs of the 50000 images), T = 10, i = 5.
/// As in the reference implementation, every pixel is standardized by itself, with training and validation images, the rows that
/// train on the validation images too take as many steps as the others, and losses from 1000 on count as failures. Baydin's rule takes
/// its two gradients from successive batches; the reference takes the second from a further batch, drawn by itself.
/// </summary>
internal sealed class FashionMnistExperiment : PaperExperiment
{
    private const int HiddenUnits = 50;

    public override string Name => "fashion-mnist";

    public override string Description => "images of 28 x 28 pixels, the last sixth of those for training (10000 of 60000) validates (Zalando Research, Fashion-MNIST, arXiv 1708.07747)";

    public override string Protocol => "50 ReLU units, batches of 50, hyperparameters drawn at random, tuned every 10 steps, cross-entropy after the last step";

    public override string Metric => "test cross-entropy";

    public override string Files => FashionMnist.Files.Needed;

    public override int PublishedInitializations => 100;

    public override long PublishedSteps => 10_000;

    public override double FailureFrom => 1000;

    public override LoadedExperiment Load(string folder) => new Loaded(this, FashionMnist.Load(folder));

    private sealed class Loaded : LoadedNetworkExperiment
    {
        private readonly Lazy<Examples<float>> _published, _train;
        private readonly Examples<float> _test;

        internal Loaded(FashionMnistExperiment experiment, ImageDataset images) : base(experiment)
        {
            Standardization statistics = images.Published.PixelStatistics();
            // Each takes 150 to 190 MB, and many a list of methods needs only one of them.
            _published = new(() => images.Published.ToExamples(statistics));
            _train = new(() => images.Train.ToExamples(statistics));
            Validation = images.Validation.ToExamples(statistics);
            _test = images.Test.ToExamples(statistics);
            StepsPerEpoch = (images.Train.Count + BatchSize - 1) / BatchSize;
        }

        public override int StepsPerEpoch { get; }

        internal override Architecture Architecture => new(_test.FeatureCount, [HiddenUnits], FashionMnist.Classes, Activation.Relu, Loss.SoftmaxCrossEntropy);

        internal override int BatchSize => 50;

        internal override Examples<float> Validation { get; }

        internal override Examples<float> Training(bool withValidation) => (withValidation ? _published : _train).Value;

        internal override int? ShuffleSeed(int seed) => seed;

        internal override double TestError(NetworkObjective<float> objective, DenseVector<float> weights)
        {
            // A rectifier may hide a weight that is not a number.
            if (!weights.IsFinite())
                return double.NaN;
            float[] logits = new float[_test.Count * FashionMnist.Classes];
            objective.Predict(weights, _test.Features, logits);
            return CrossEntropy(logits, _test.Targets);
        }
    }

    /// <summary>The mean cross-entropy of softmax outputs, in nats; NaN where a logit is not finite.</summary>
    /// <param name="logits">One row per target.</param>
    /// <param name="targets">Class indices.</param>
    internal static double CrossEntropy(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        int classes = logits.Length / targets.Length;
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<float> outputs = logits.Slice(row * classes, classes);
            double largest = double.NegativeInfinity, total = 0;
            foreach (float output in outputs)
            {
                if (!float.IsFinite(output))
                    return double.NaN;
                largest = Math.Max(largest, output);
            }
            foreach (float output in outputs)
                total += Math.Exp(output - largest);
            sum += largest + Math.Log(total) - outputs[(int)targets[row]];
        }
        return sum / targets.Length;
    }
}
