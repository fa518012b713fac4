namespace MLNetHyper.Engine;

/// <summary>
/// Trains multilayer perceptrons on one piece of hardware. Whatever the engine, weights lie in the same order and come back to managed
/// memory, so that models know nothing of where they were trained.
/// </summary>
public abstract class NetworkEngine
{
    /// <summary>The managed SIMD engine, which is there everywhere.</summary>
    public static NetworkEngine Managed { get; } = new ManagedEngine();

    /// <summary>The hardware's name, as log lines say it: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Trains as <see cref="OnePass"/> does.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="training">The training rows: in memory, or in blocks of a multiple of the batch size.</param>
    /// <param name="validation">The validation rows; null or empty only for methods that do not use them, such as <see cref="Fixed"/>.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <exception cref="ArgumentException">The options, the network and the examples do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    /// <exception cref="NetworkEngineException">The hardware, its libraries or its memory failed. Data and options may be fine: another engine can train them.</exception>
    public abstract LoopResult<DenseVector<float>> Train(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default);

    private sealed class ManagedEngine : NetworkEngine
    {
        public override string Name => "cpu";

        public override LoopResult<DenseVector<float>> Train(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation) =>
            OnePass.Train(architecture, training, validation, options, progress, cancellation);
    }
}
