using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Cli;

/// <summary>
/// The experiment on the Penn Treebank of Clarke et al. 2022 (section 4.3): an embedding, two layers of 650 units of long short-term memory and a linear
/// decoder, without dropout and as PyTorch's layers start by themselves; 40 parallel sequences, batches of 70 steps, gradients clipped at
/// norm 0.25, 23910 steps (72 epochs), T = 10, i = 5.
/// </summary>
/// <remarks>
/// <para>As in the reference implementation, training and validation texts are one text that is cut into 40 parallel sequences, and the
/// last steps of every sequence validate, in number as large a share as the validation text's. The rows that train on them too take as many
/// steps as the others. The test text is cut into 40 sequences as well; its perplexity is over all their words.</para>
/// <para>One thing differs: memory starts at zero in every batch, for tests too, where the reference hands it on. The first words of
/// each batch are therefore predicted from little, so perplexities are to be expected somewhat higher. (And the test loss is the mean over
/// words, not over batches, of which the last is shorter.)</para>
/// </remarks>
internal sealed class PtbExperiment(int units = 650, int sequences = 40, int steps = 70) : PaperExperiment
{
    private const int Layers = 2;
    private const double GradientNorm = 0.25;

    public override string Name => "ptb";

    public override string Description => "text of 929589 words for training, 73760 for validation and 82430 for tests, with 10000 different ones (Penn Treebank, as prepared by Mikolov et al. 2010)";

    public override string Protocol => "LSTM of 2 x 650 units, 40 parallel sequences of 70 words, gradients clipped at 0.25, hyperparameters drawn at random, tuned every 10 steps, perplexity after the last step";

    public override string Metric => "test perplexity";

    public override string Files => PennTreebank.Files.Needed;

    public override int PublishedInitializations => 50;

    public override long PublishedSteps => 23_910;

    public override LoadedExperiment Load(string folder) => new Loaded(this, PennTreebank.Load(folder), units, sequences, steps);

    private sealed class Loaded : LoadedModuleExperiment
    {
        private readonly int _units, _steps, _vocabulary;
        private readonly Device _device;
        private readonly Tensor _all, _train, _validation, _test;

        internal Loaded(PtbExperiment experiment, TextCorpus text, int units, int sequences, int steps) : base(experiment)
        {
            (_units, _steps, _vocabulary, _device) = (units, steps, text.Vocabulary.Count, TorchRuntime.PreferredDevice);
            _all = SequenceBatchSource.Arrange([.. text.Train, .. text.Validation], sequences, _device);
            _test = SequenceBatchSource.Arrange(text.Test, sequences, _device);
            long predicted = _all.shape[0] - 1, heldOut = (long)Math.Round((double)predicted * text.Validation.Length / (text.Train.Length + text.Validation.Length));
            // What the last row of one predicts is the first of the other.
            _train = _all.narrow(0, 0, predicted - heldOut + 1);
            _validation = _all.narrow(0, predicted - heldOut, heldOut + 1);
            StepsPerEpoch = (int)((predicted - heldOut + steps - 1) / steps);
        }

        public override int StepsPerEpoch { get; }

        private protected override double? GradientClip => GradientNorm;

        private protected override TorchObjective CreateObjective() =>
            new(products => new LstmLanguageModel(_vocabulary, _units, Layers, initialRange: null, fused: !products), (logits, words) => nn.functional.cross_entropy(logits, words), _device);

        private protected override BatchSource CreateTraining(bool withValidation, int seed) =>
            new SequenceBatchSource(withValidation ? _all : _train, _steps, PaperExperiment.Interval + 1);

        private protected override BatchSource CreateValidation(int seed) => new SequenceBatchSource(_validation, _steps, retained: 2, isForTraining: false);

        private protected override BatchSource CreateTest() => new SequenceBatchSource(_test, _steps, retained: 1, isForTraining: false);

        private protected override double Metric(double meanError) => Math.Exp(meanError);

        protected override void Dispose(bool disposing)
        {
            foreach (Tensor owned in (Tensor[])[_train, _validation, _all, _test])
                owned.Dispose();
            base.Dispose(disposing);
        }
    }
}
