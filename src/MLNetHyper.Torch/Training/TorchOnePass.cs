using System.Security.Cryptography;
using System.Text;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Trains any module on tensors while it tunes its own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
public static class TorchOnePass
{
    /// <summary>Trains.</summary>
    /// <param name="create">Makes a module with random weights. It is called a few times, and must give the same layers each time; see <see cref="TorchObjective"/>.</param>
    /// <param name="loss">The mean loss of the module's output (first) and targets: a tensor of one element.</param>
    /// <param name="training">Inputs and targets to learn from; their first dimension counts the examples.</param>
    /// <param name="validation">Inputs and targets that the hyperparameters learn from.</param>
    /// <param name="options">
    /// How to train. <see cref="OnePassOptions.HiddenLayers"/>, <see cref="OnePassOptions.Activation"/>, <see cref="OnePassOptions.Members"/>, <see cref="OnePassOptions.Bins"/>,
    /// <see cref="OnePassOptions.RobustScaling"/> and <see cref="OnePassOptions.Threads"/> are not looked at: the module, its tensors and libtorch say these.
    /// </param>
    /// <param name="device">Where to compute; the tensors are copied there if they are elsewhere. Default: the CPU.</param>
    /// <param name="regularizer">What the training loss has beside <paramref name="loss"/>, with hyperparameters of its own, which <see cref="OnePassOptions.Tune"/> and <see cref="OnePassOptions.Initial"/> may name. Default: nothing.</param>
    /// <param name="validationLoss">What validates in place of <paramref name="loss"/>. Default: <paramref name="loss"/>.</param>
    /// <param name="schedule">Hyperparameters to follow in place of tuning: the trajectory of an earlier training with the same rule and regularizer, under the method <see cref="Fixed"/>. Default: none.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step; the result holds what was reached.</param>
    /// <returns>The trained module and how it went. The caller disposes of it.</returns>
    /// <exception cref="ArgumentException">Options, module and tensors do not fit together.</exception>
    /// <exception cref="InvalidOperationException">The loss cannot be differentiated as the method needs it.</exception>
    /// <exception cref="TorchMemoryException">The training does not fit into the device's memory.</exception>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static TorchResult Train(Func<nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, (Tensor Inputs, Tensor Targets) training, (Tensor Inputs, Tensor Targets) validation, OnePassOptions? options = null, Device? device = null, ModuleRegularizer? regularizer = null, ModuleValidation? validationLoss = null, Trajectory? schedule = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        IReadOnlyList<Hyperparameter> own = regularizer?.Hyperparameters ?? [];
        if (options.Regularization.Hyperparameters.Count > 0)
            throw new ArgumentException($"{nameof(OnePassOptions.LabelSmoothing)} and {nameof(OnePassOptions.InputNoise)} are for the project's own networks. Write a {nameof(ModuleRegularizer)} for a module's.", nameof(options));
        options.CheckTraining(own);
        if (regularizer is SelfTuningRegularizers && options.Method is not (SelfTuning or Fixed))
            throw new ArgumentException($"{nameof(SelfTuningRegularizers)} are tuned by the method 'self-tuning', not by '{options.Method.Name}'. Start from {nameof(SelfTuning)}.{nameof(SelfTuning.Options)}, or choose 'fixed'.", nameof(options));
        if (options.RetrainOnAll)
            throw new ArgumentException($"{nameof(OnePassOptions.RetrainOnAll)} is for tables. Train again on all examples with the learned values instead.", nameof(options));
        using DisposeScope scope = NewDisposeScope();
        using var objective = new TorchObjective(create, loss, device, regularizer: regularizer, validation: validationLoss);
        (Tensor, Tensor) Moved((Tensor Inputs, Tensor Targets) examples) => (examples.Inputs.to(objective.Device), examples.Targets.to(objective.Device));
        ((Tensor x, Tensor y), (Tensor heldX, Tensor heldY)) = (Moved(training), Moved(validation));
        int count = (int)x.shape[0], heldOut = (int)heldX.shape[0];
        using var batches = new TensorBatchSource(x, y, Math.Max(1, options.BatchSizeFor(count)), options.Seed, options.TuningInterval + 1);
        using var heldBatches = new TensorBatchSource(heldX, heldY, Math.Max(1, options.ValidationBatchSizeFor(count, heldOut)), options.Seed, 2, isForTraining: false);
        long numbers = (long)RunFootprint.Of(objective.Tensors, count, inBlocks: false, heldOut, options, own).Vectors * objective.Tensors.Sum(t => t.Length);
        var estimate = new MemoryEstimate(numbers * sizeof(float), Bytes(x) + Bytes(y) + Bytes(heldX) + Bytes(heldY), null, batches.BatchSize);
        LoopOptions loop = options.ToLoop(count, own) with { Schedule = schedule, Fingerprint = options.CheckpointPath is null ? "" : Fingerprint(x, y, heldX, heldY) };
        return new DeviceMemory(objective.Device, estimate).Train(() => Run(objective, batches, heldBatches, loop, progress, cancellation), isOwnNetwork: false);
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>The data, so that a checkpoint is not gone on from with others, such as those of another fold.</summary>
    private static string Fingerprint(params ReadOnlySpan<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.dtype} {string.Join(' ', tensor.shape)}"));
            using Tensor plain = tensor.detach().cpu().contiguous();
            hash.AppendData(plain.bytes);
        }
        return $"data: {Convert.ToHexString(hash.GetHashAndReset())}";
    }

    private static IReadOnlyList<double> NumbersOf(HyperparameterValue<TorchVector> value)
    {
        if (value.Count == 1)
            return [value.Mean];
        double[] numbers = new double[value.Count];
        value.Elements!.CopyTo(numbers);
        return numbers;
    }

    private static TorchResult Run(TorchObjective objective, BatchSource batches, BatchSource heldBatches, LoopOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        LoopResult<TorchVector> result;
        IReadOnlyDictionary<string, IReadOnlyList<double>> ofRegularizer;
        if (options.Method.TakesSeveralPasses)
        {
            result = new SeveralPasses<TorchVector>(objective, batches, heldBatches, options).Run(progress, cancellation);
            // It tunes none of these.
            ofRegularizer = objective.Hyperparameters.ToDictionary(h => h.Name, h => (IReadOnlyList<double>)[.. Enumerable.Repeat(options.DefinitionsFor(objective.Hyperparameters).Single(own => own.Name == h.Name).Initial, h.Count)]);
        }
        else
        {
            var loop = new OnePassLoop<TorchVector>(objective, batches, heldBatches, options);
            result = loop.Run(progress, cancellation);
            ofRegularizer = loop.Hyperparameters.OfObjective.ToDictionary(value => value.Definition.Name, NumbersOf);
        }
        return new()
        {
            Module = objective.CreateTrained(result.Weights, batches),
            Status = result.Status,
            Trajectory = result.Trajectory,
            RegularizerValues = ofRegularizer,
            Steps = result.Steps,
            BestStep = result.BestStep,
            BestValidationLoss = result.BestValidationLoss,
            GradientEvaluations = result.GradientEvaluations,
            Elapsed = result.Elapsed,
            ResumedFrom = result.ResumedFrom,
            Rollbacks = result.Rollbacks,
            Warnings = result.Warnings,
        };
    }
}
