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
            engine = GoOnFrom(initial, engine, outputs);
        // Before the rows are read, which may take long.
        NetworkEngine? named = DeviceChoice.Named(options.Device);
        FeatureSelection? selection = FeatureSlots.Varying(rows, initial, log);
        if (selection?.Places.ToArray() is { } places)
            (rows, validationRows) = (rows.Keep(places), validationRows?.Keep(places));
        initial = initial?.On(selection);
        if (initial is not null)
            engine = engine with { InitialWeights = [.. initial.Weights.SelectMany(weights => weights.ToArray()).Select(w => (double)w)] };
        TrainingData data = new DataReading(options, loss, seed, log).Read(rows, validationRows, initial);
        if (validationRows is null && data.Training is Examples<float> inMemory)
            data = data with { Training = OnePass.Fold(inMemory, data.Validation, loss, engine) };
        using var streamed = data.Training as IDisposable;
        Architecture architecture = new(data.Training.InputCount, engine.HiddenLayers, outputs, engine.Activation, loss);
        DeviceChoice choice = DeviceChoice.For(options.Device, named, architecture, engine, engine.BatchSizeFor(data.Training.TrainingCount));
        if (choice.Fault is { } fault)
            log.Warning($"Training uses the managed engine, as no GPU can be used. {fault.Message}");
        log.Info($"Training {(engine.MemberCount == 1 ? "a network" : $"{engine.MemberCount} networks")} of {string.Join('-', [architecture.Inputs, .. architecture.Hidden, architecture.Outputs])} units on {data.Training.TrainingCount} rows, validating on {data.Validation.Count}{(data.Training.Folds is null ? "" : " different ones each")}; method {engine.Method.Name}, device {choice.Engine.Name}: {choice.Reason}.");
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
        NetworkModel model = Describe(architecture, data, engine, result);
        log.Info(Summary(model.Training));
        if (data.Training.BlockCount > 1 && ConstantNetwork.Fit(architecture, data.Validation).Loss is var constant && !(result.BestValidationLoss < constant))
            log.Warning($"The validation loss, {RunWatch.Number(result.BestValidationLoss)}, is no better than that of a constant, {RunWatch.Number(constant)}. The rows were read in blocks: if they are sorted, {StreamReading.Remedy}");
        return model.Behind(selection);
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
    private static OnePassOptions GoOnFrom(NetworkModel initial, OnePassOptions options, int outputs)
    {
        if (initial.Weights.Count != options.MemberCount)
            throw new InvalidOperationException($"The previous model is of {initial.Weights.Count} networks, but this trainer trains {options.MemberCount}. Set {nameof(NetworkTrainerOptions.Members)} as it was.");
        Architecture network = initial.Architecture;
        if (!network.Hidden.SequenceEqual(options.HiddenLayers) || network.Activation != options.Activation || network.Outputs != outputs)
            throw new InvalidOperationException($"The previous model has hidden layers [{string.Join(", ", network.Hidden)}], {network.Activation} and {network.Outputs} outputs, but this trainer has [{string.Join(", ", options.HiddenLayers)}], {options.Activation} and {outputs}. Set {nameof(NetworkTrainerOptions.HiddenLayers)} and {nameof(NetworkTrainerOptions.Activation)} as they were, and use the same classes.");
        IReadOnlyDictionary<string, double> best = initial.Training.BestHyperparameters;
        // Those that a fixed training is told to use stay what they are; and those of another update rule say nothing of this one's.
        if (!options.Method.MovesHyperparameters || !options.Rule.Hyperparameters.All(h => best.ContainsKey(h.Name)))
            return options;
        string[] known = [.. options.Hyperparameters().Select(h => h.Name)];
        return options with { Initial = best.Where(value => known.Contains(value.Key)).ToDictionary() };
    }

    private static NetworkModel Describe(Architecture architecture, TrainingData data, OnePassOptions options, LoopResult<DenseVector<float>> result)
    {
        var networks = new TrainedNetworks(architecture, result, data.Training, data.Validation, data.Label, data.ConstantFeatures, options.RetrainOnAll);
        double trainingError = data.Training is Examples<float> rows ? networks.ErrorOn(rows) : double.NaN;
        return new(architecture, networks.Weights, [data.Features, .. data.Training.Widening], data.Label,
            TrainingRecords.Describe(result, options, data.Training, (networks.ValidationCount, data.SkippedRows), new(architecture.Loss, data.Label.Scales[0]), (trainingError, networks.HeldOutError)), networks.Calibration);
    }

    private static string Summary(TrainingRecord training)
    {
        string values = string.Join(", ", training.TunedHyperparameters.Select(name => $"{name} {RunWatch.Number(training.InitialHyperparameters[name])} to {RunWatch.Number(training.BestHyperparameters[name])}"));
        return $"{training.Status} after {training.Steps} steps in {training.Elapsed.TotalSeconds:F2} s, worth {training.GradientEvaluations:F0} gradient evaluations; validation error {RunWatch.Number(training.ValidationError)}, best at step {training.BestStep}; {training.Rollbacks} rollbacks{(values.Length > 0 ? $"; {values}" : "")}.";
    }
}
