using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What all trainers do: read, train, and describe what came of it.</summary>
internal static class NetworkTraining
{
    internal static NetworkModel Train(
        TrainingRows rows, TrainingRows? validationRows, NetworkModel? initial, Loss loss, int outputs, NetworkTrainerOptions options, int seed, TrainingLog log)
    {
        OnePassOptions engine = options.ToEngine(seed);
        if (initial is not null)
            engine = GoOnFrom(initial.Network, initial.Training, engine, outputs);
        // Before the rows are read, which may take long.
        NetworkEngine? named = DeviceChoice.Named(options.Device);
        TrainedNetwork? network = initial?.Network;
        FeatureSlots? slots = FeatureSlots.Varying(rows, network, log);
        if (slots is not null)
        {
            (rows, validationRows) = (slots.Narrow(rows), validationRows is null ? null : slots.Narrow(validationRows));
            network = network is null ? null : slots.Narrow(network);
        }
        if (network is not null)
            engine = engine with { InitialWeights = Array.ConvertAll(network.Weights.ToArray(), w => (double)w) };
        TrainingData data = new DataReading(options, loss, seed, log).Read(rows, validationRows, network);
        using var streamed = data.Training as IDisposable;
        Architecture architecture = new(rows.FeatureCount, engine.HiddenLayers, outputs, engine.Activation, loss);
        DeviceChoice choice = DeviceChoice.For(options.Device, named, architecture, engine.BatchSizeFor(data.Training.Count, inBlocks: data.Training.BlockCount > 1));
        if (choice.Fault is { } fault)
            log.Warning($"Training uses the managed engine, as no GPU can be used. {fault.Message}");
        log.Info($"Training a network of {string.Join('-', [architecture.Inputs, .. architecture.Hidden, architecture.Outputs])} units on {data.Training.Count} rows, validating on {data.Validation.Count}; method {engine.Method.Name}, device {choice.Engine.Name}: {choice.Reason}.");
        if (choice.Engine == NetworkEngine.Managed && RunEstimate.Warning(architecture, engine, data.Training) is { } estimate)
            log.Warning(estimate);
        LoopResult<DenseVector<float>> result;
        using (var watch = new RunWatch(log, options.Progress, options.CancellationToken))
            result = Run(choice, architecture, data, engine, log, watch);
        log.ThrowIfCanceled();
        if (result.ResumedFrom > 0)
            log.Info($"Training went on from step {result.ResumedFrom}, where the checkpoint '{options.CheckpointPath}' was.");
        foreach (string warning in result.Warnings)
            log.Warning(warning);
        NetworkModel model = Describe(new(architecture, engine.Threads), data, engine, result);
        log.Info(Summary(model.Training));
        if (data.Training.BlockCount > 1 && ConstantLoss.Of(data.Validation, architecture) is var constant && !(result.BestValidationLoss < constant))
            log.Warning($"The validation loss, {RunWatch.Number(result.BestValidationLoss)}, is no better than that of a constant, {RunWatch.Number(constant)}. The rows were read in blocks: if they are sorted, {StreamReading.Remedy}");
        return slots is null ? model : model with { Network = slots.Widen(model.Network) };
    }

    private static LoopResult<DenseVector<float>> Run(DeviceChoice choice, Architecture architecture, TrainingData data, OnePassOptions options, TrainingLog log, RunWatch watch)
    {
        try
        {
            return choice.Engine.Train(architecture, data.Training, data.Validation, options, watch, watch.Cancellation);
        }
        catch (NetworkEngineException e) when (choice.MayFallBack)
        {
            log.Warning($"Training starts again with the managed engine, as {choice.Engine.Name} failed. {e.Message}");
            return NetworkEngine.Managed.Train(architecture, data.Training, data.Validation, options, watch, watch.Cancellation);
        }
    }

    /// <summary>The hyperparameters that belong to the previous model's weights.</summary>
    private static OnePassOptions GoOnFrom(TrainedNetwork network, TrainingRecord training, OnePassOptions options, int outputs)
    {
        if (!network.HiddenLayers.SequenceEqual(options.HiddenLayers) || network.Activation != options.Activation || network.OutputCount != outputs)
            throw new InvalidOperationException($"The previous model has hidden layers [{string.Join(", ", network.HiddenLayers)}], {network.Activation} and {network.OutputCount} outputs, but this trainer has [{string.Join(", ", options.HiddenLayers)}], {options.Activation} and {outputs}. Set {nameof(NetworkTrainerOptions.HiddenLayers)} and {nameof(NetworkTrainerOptions.Activation)} as they were, and use the same classes.");
        return options with
        {
            // Those that a fixed training is told to use stay what they are.
            Initial = options.Method.MovesHyperparameters ? training.BestHyperparameters : options.Initial,
        };
    }

    private static NetworkModel Describe(NetworkObjective<float> objective, TrainingData data, OnePassOptions options, LoopResult<DenseVector<float>> result)
    {
        IReadOnlyList<Hyperparameter> hyperparameters = options.Hyperparameters();
        int batchSize = options.BatchSizeFor(data.Training.Count, inBlocks: data.Training.BlockCount > 1);
        var errors = new Errors(objective.Architecture.Loss, data.Label.Scales[0]);
        var training = new TrainingRecord
        {
            Status = result.Status,
            Method = options.Method.Name,
            TrainingRows = data.Training.Count,
            ValidationRows = data.Validation.Count,
            SkippedRows = data.SkippedRows,
            BatchSize = batchSize,
            Seed = options.Seed,
            Steps = result.Steps,
            BestStep = result.BestStep,
            Rollbacks = result.Rollbacks,
            GradientEvaluations = result.GradientEvaluations,
            Elapsed = result.Elapsed,
            TrainingError = data.Training is Examples<float> rows ? errors.Of(objective, result.Weights, rows) : double.NaN,
            ValidationError = errors.Of(objective, result.Weights, data.Validation),
            TunedHyperparameters = [.. hyperparameters.Where(h => h.Tuned).Select(h => h.Name)],
            InitialHyperparameters = hyperparameters.ToDictionary(h => h.Name, h => h.Initial),
            BestHyperparameters = ValuesAt(result, hyperparameters, result.BestStep),
            FinalHyperparameters = ValuesAt(result, hyperparameters, result.Steps),
            Trajectory = result.Trajectory,
            Epochs = errors.ByEpoch(result.Trajectory, data.Training.Count, batchSize),
            Warnings = result.Warnings,
        };
        return new(new(objective.Architecture, WithoutConstants(result.Weights.Span.ToArray(), objective.Architecture, data.ConstantFeatures), data.Features, data.Label), training);
    }

    /// <summary>Features that never varied were zero in every row, so that their weights are as they were drawn: without meaning for other values.</summary>
    private static float[] WithoutConstants(float[] weights, Architecture architecture, IReadOnlyList<int> constants)
    {
        int units = architecture.Hidden.Count > 0 ? architecture.Hidden[0] : architecture.Outputs;
        foreach (int feature in constants)
        {
            for (int unit = 0; unit < units; unit++)
                weights[(unit * architecture.Inputs) + feature] = 0;
        }
        return weights;
    }

    /// <summary>The hyperparameters of the window that ended with a step.</summary>
    private static Dictionary<string, double> ValuesAt(LoopResult<DenseVector<float>> result, IReadOnlyList<Hyperparameter> hyperparameters, long step)
    {
        int window = 0;
        while (window < result.Trajectory.Count - 1 && result.Trajectory.Steps[window] < step)
            window++;
        return hyperparameters.ToDictionary(h => h.Name, h => result.Trajectory.Count > 0 ? result.Trajectory.Values(h.Name)[window] : h.Initial);
    }

    private static string Summary(TrainingRecord training)
    {
        string values = string.Join(", ", training.TunedHyperparameters.Select(name => $"{name} {RunWatch.Number(training.InitialHyperparameters[name])} to {RunWatch.Number(training.BestHyperparameters[name])}"));
        return $"{training.Status} after {training.Steps} steps in {training.Elapsed.TotalSeconds:F2} s, worth {training.GradientEvaluations:F0} gradient evaluations; validation error {RunWatch.Number(training.ValidationError)}, best at step {training.BestStep}; {training.Rollbacks} rollbacks{(values.Length > 0 ? $"; {values}" : "")}.";
    }
}
