namespace MLNetHyper.Engine;

/// <summary>Trains a network on a table while it tunes its own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
public static class OnePass
{
    /// <summary>Trains.</summary>
    /// <param name="table">The data, label included.</param>
    /// <param name="labelColumn">The column to predict.</param>
    /// <exception cref="DataFormatException">The data cannot be trained on; the message says why and what to do.</exception>
    public static OnePassResult Train(Table table, string labelColumn) => Train(table, new DataOptions { LabelColumn = labelColumn });

    /// <summary>Trains.</summary>
    /// <param name="table">The data, label included.</param>
    /// <param name="data">The label, what to ignore, and how rows are divided into training, validation and test.</param>
    /// <param name="options">How to train. Default: <see cref="OnePassOptions"/> as they are.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones; the result holds what was reached.</param>
    /// <exception cref="DataFormatException">The data cannot be trained on; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static OnePassResult Train(Table table, DataOptions data, OnePassOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        PreparedData<float> prepared = DataPreparation.Prepare<float>(table, data);
        return Train(prepared, options ?? new(), progress, cancellation);
    }

    /// <summary>Trains on a table that need not fit in memory: one that takes more than <see cref="DataOptions.MemoryLimit"/> is read twice, and trained on from a temporary file.</summary>
    /// <param name="source">The data, label included.</param>
    /// <param name="data">The label, what to ignore, and how rows are divided into training, validation and test.</param>
    /// <param name="options">How to train. Default: <see cref="OnePassOptions"/> as they are. <see cref="OnePassOptions.RetrainOnAll"/> needs all rows in memory.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones; the result holds what was reached.</param>
    /// <exception cref="DataFormatException">The data cannot be trained on; the message says why and what to do.</exception>
    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    /// <exception cref="OperationCanceledException">It was canceled while the table was read.</exception>
    public static OnePassResult Train(TableSource source, DataOptions data, OnePassOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        if (source.MemoryNeeded <= data.Memory)
            return Train(Load(source, data, options), options, progress, cancellation);
        using StreamedTable streamed = Stream(source, data, options, cancellation);
        return Train(streamed.Prepared, options, progress, cancellation);
    }

    /// <summary>Reads and prepares a table. Where workers divide its rows, those of others are gone when this returns.</summary>
    private static PreparedData<float> Load(TableSource source, DataOptions data, OnePassOptions options)
    {
        PreparedData<float> prepared = DataPreparation.Prepare<float>(source.Load(), data);
        return options.Divide == WorkerDivision.Rows ? Ready(prepared, options) : prepared;
    }

    /// <summary>Prepares a table that stays in its file.</summary>
    internal static StreamedTable Stream(TableSource source, DataOptions data, OnePassOptions options, CancellationToken cancellation)
    {
        options.Check();
        if (options.RetrainOnAll)
            throw new ArgumentException($"Retraining on all rows needs them in memory, but '{source.Name}' does not fit. Turn RetrainOnAll off, or allow more with DataOptions.MemoryLimit.");
        return StreamedTable.Prepare(source, data, data.Memory, options.BatchSizeFor, cancellation, options.Divide == WorkerDivision.Rows ? OwnersOf(options) : null);
    }

    /// <summary>Trains on data that are prepared already.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static OnePassResult Train(PreparedData<float> data, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        data = Ready(data, options);
        Architecture architecture = Tasks.Architecture(data.Target, data.Train.InputCount, options.HiddenLayers, options.Activation);
        ExampleSource<float> training = data.ValidatesAtRandom && data.Training is Examples<float> inMemory ? Fold(inMemory, data.Validation, architecture.Loss, options) : data.Training;
        return Describe(data, training, options, architecture, Train(architecture, training, data.Validation, options, progress, cancellation));
    }

    /// <summary>Data as a run takes them: with the transforms that it asks for, fitted to all training rows, and of workers that divide rows this one's. Data that are ready stay as they are.</summary>
    internal static PreparedData<float> Ready(PreparedData<float> data, OnePassOptions options)
    {
        if (data.Train.Share is not null)
            return data;
        data = data.Through(InputTransforms.FitWidening(data.Train, options.Inputs, data.Features.Expansion));
        if (options.Divide != WorkerDivision.Rows || data.Training is not Examples<float> { Share: null } all)
            return data;
        (Examples<float> own, int[] rows) = Deal(all, options);
        return data.Sharing(own, rows);
    }

    private static (Examples<float> Own, int[] Rows) Deal(Examples<float> all, OnePassOptions options) => RowShare.Deal(all, OwnersOf(options), Tasks.ZeroFeatures(all));

    private static RowOwners OwnersOf(OnePassOptions options) => new(options.Workers, options.Seed, rows => options.CheckpointPath is null ? "" : RunFingerprint.Hash(rows));

    /// <summary>
    /// Trains any network on examples that are numbers already, and standardized if they are to be. <see cref="OnePassOptions.HiddenLayers"/> and
    /// <see cref="OnePassOptions.Activation"/> are not looked at: the architecture says both.
    /// </summary>
    /// <param name="architecture">The network.</param>
    /// <param name="training">The training rows: in memory, or in blocks of a multiple of the batch size.</param>
    /// <param name="validation">The validation rows; null or empty only for methods that do not use them, such as <see cref="Fixed"/>.</param>
    /// <param name="options">How to train. <see cref="OnePassOptions.RetrainOnAll"/> is refused with several blocks, which are not all in memory.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <returns>Status, finite weights as <see cref="NetworkObjective{T}"/> lays them out, and the trajectory.</returns>
    /// <exception cref="ArgumentException">The options, the network and the examples do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static LoopResult<DenseVector<float>> Train(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.CheckTraining();
        if (options.MemberCount > 1)
        {
            var members = new NetworkMembers<float>(architecture, options.MemberCount, options.ThreadCount, options.Regularization);
            return Train(members, members.StopThreads, training, validation, options, progress, cancellation);
        }
        var network = new NetworkObjective<float>(architecture, options.ThreadCount, options.Regularization);
        return Train(network, network.StopThreads, training, validation, options, progress, cancellation);
    }

    private static LoopResult<DenseVector<float>> Train(INetworkObjective<DenseVector<float>, float> objective, Action stopThreads, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return Train(objective, training, validation, options, progress, cancellation);
        }
        finally
        {
            stopThreads();
        }
    }

    /// <summary>The same on any engine. <see cref="OnePassOptions.Threads"/> is not looked at either: that is the engine's.</summary>
    /// <typeparam name="TVector">The engine's flat vector.</typeparam>
    /// <param name="objective">The network, on its engine.</param>
    /// <param name="training">The training rows: in memory, or in blocks of a multiple of the batch size.</param>
    /// <param name="validation">The validation rows; null or empty only for methods that do not use them, such as <see cref="Fixed"/>.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step, or a few short ones.</param>
    /// <exception cref="ArgumentException">The options, the network and the examples do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    internal static LoopResult<TVector> Train<TVector>(INetworkObjective<TVector, float> objective, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
        where TVector : class, IVector<TVector>
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.CheckTraining();
        if (training.Count < 1 || training.BlockSize < 1)
            throw new ArgumentException("There are no training rows, or blocks have none.", nameof(training));
        if (options.Divide == WorkerDivision.Rows && training.Share is null)
            training = training is Examples<float> all ? Deal(all, options).Own : throw new ArgumentException("Workers are to keep rows of their own, but these are read in blocks whenever they are needed. Divide batches, or allow more memory.", nameof(training));
        if (!objective.Hyperparameters.Select(h => h.Name).SequenceEqual(options.Regularization.Hyperparameters.Select(h => h.Name)))
            throw new ArgumentException("The options ask for label smoothing or input noise that the network's loss does not have. Leave them out, or train on an engine that has them: the managed one does.");
        if (training is Examples<float> { Folds: not null } folded)
            validation = folded;
        if (validation is { Count: 0 })
            validation = null;
        bool inBlocks = training.BlockCount > 1;
        if (options.RetrainOnAll && inBlocks)
            throw new ArgumentException($"Retraining on all rows needs them in memory, but the training rows come in {training.BlockCount} blocks. Turn RetrainOnAll off, or pass all rows as one block.");
        LoopOptions loop = options.ToLoop(training.TrainingCount) with
        {
            Fingerprint = options.CheckpointPath is null ? "" : RunFingerprint.Of(objective.Architecture, training, validation),
        };
        LoopResult<TVector> Once(LoopOptions pass) => Run(objective, training, validation, options, pass, progress, cancellation);
        // A checkpoint is of one run, and without validation rows nobody can tell whether a longer one is better.
        LoopResult<TVector> result = loop.Steps is null && validation is not null && options.CheckpointPath is null ? LongerPasses.Run(Once, loop, options.DefaultSteps(training.TrainingCount)) : Once(loop);
        if (validation is not null && result.Models.Any(model => model.Rollbacks > 0) && result.Status != TrainingStatus.Canceled)
            result = NoWorseThanAConstant(result, objective, validation);
        // Without validation rows all have been trained on.
        return options.RetrainOnAll && validation is not null && result.Status != TrainingStatus.Canceled && result.BestStep > 0
            ? Retrain(result, objective, training.BlockAt(0, 0).Join(validation), options, loop, cancellation)
            : result;
    }

    /// <summary>Where training diverged and found nothing better than a constant, the constant, and a warning.</summary>
    private static LoopResult<TVector> NoWorseThanAConstant<TVector>(LoopResult<TVector> result, INetworkObjective<TVector, float> objective, Examples<float> validation)
        where TVector : class, IVector<TVector>
    {
        (double[] outputs, double loss) = ConstantNetwork.Fit(objective.Architecture, validation);
        bool[] worse = [.. result.Models.Select(model => !(model.BestValidationLoss <= loss))];
        if (!worse.Contains(true))
            return result;
        TVector constants = objective.CreateVector(), weights = objective.CreateVector();
        constants.CopyFrom(Repeat(objective, ConstantNetwork.Weights(objective.Architecture, outputs)));
        weights.CopyFrom(result.Weights);
        weights.CopyFrom(constants, objective.Models, worse);
        string warning = $"Training diverged and found nothing better than a constant on the validation rows, so {(worse.Length == 1 ? "the model predicts" : $"{worse.Count(w => w)} of {worse.Length} members predict")} that constant. Start with a smaller learning rate or momentum, or train for more steps.";
        return result with { Weights = weights, BestValidationLoss = worse[0] ? loss : result.BestValidationLoss, Warnings = [.. result.Warnings, warning] };
    }

    /// <summary>The same weights for all models.</summary>
    private static double[] Repeat<TVector>(INetworkObjective<TVector, float> objective, double[] weights) where TVector : class, IVector<TVector>
    {
        double[] all = new double[objective.CreateVector().Length];
        foreach (TensorSegment model in objective.Models)
            weights.CopyTo(all, model.Start);
        return all;
    }

    /// <summary>What the loop is told where it trains again on all rows along the learned schedule.</summary>
    internal static LoopOptions ForRetraining(LoopOptions loop, Trajectory? schedule) =>
        loop with { Method = new Fixed(), Schedule = schedule, Patience = null, CheckpointPath = null, Hyperparameters = [.. loop.Definitions.Select(h => h with { Tuned = false, Granularity = Granularity.Scalar })] };

    /// <summary>The same again on more rows, at the learned values, unless that goes wrong.</summary>
    private static LoopResult<TVector> Retrain<TVector>(LoopResult<TVector> tuned, INetworkObjective<TVector, float> objective, Examples<float> all, OnePassOptions options, LoopOptions loop, CancellationToken cancellation)
        where TVector : class, IVector<TVector>
    {
        TimeSpan? left = loop.TimeBudget - tuned.Elapsed;
        if (left <= TimeSpan.Zero)
            return Keep(tuned, "No time was left to retrain on all rows");
        LoopResult<TVector> again = Run(objective, all, null, options,
            ForRetraining(loop, tuned.Trajectory) with { Steps = tuned.BestStep, TimeBudget = left },
            null, cancellation);
        LoopResult<TVector> result = tuned with { GradientEvaluations = tuned.GradientEvaluations + again.GradientEvaluations, Elapsed = tuned.Elapsed + again.Elapsed };
        if (again.Status == TrainingStatus.Canceled)
            return result with { Status = TrainingStatus.Canceled };
        if (again.Status != TrainingStatus.Completed)
            return Keep(result, again.Status == TrainingStatus.Diverged ? "Retraining on all rows diverged" : "The time budget ended while retraining on all rows");
        // The tuned weights are the best of many steps, those retrained only the last: some last steps are bad ones. The retrained
        // have seen all these rows, so if they are worse even here, they are worse.
        Batch rows = objective.CreateBatchSource(all, all.Count, options.Seed, 1).BatchAt(0);
        ILinearization<TVector> linearization = objective.CreateLinearization(withProducts: false);
        return linearization.Loss(again.Weights, rows) <= linearization.Loss(tuned.Weights, rows)
            ? result with { Weights = again.Weights }
            : Keep(result, "Retraining on all rows gave worse weights, even on these rows");
    }

    private static LoopResult<TVector> Keep<TVector>(LoopResult<TVector> tuned, string why) where TVector : class, IVector<TVector> =>
        tuned with { Warnings = [.. tuned.Warnings, $"{why}; the tuned weights were kept."] };

    private static LoopResult<TVector> Run<TVector>(INetworkObjective<TVector, float> objective, ExampleSource<float> train, Examples<float>? validation, OnePassOptions options, LoopOptions loop, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
        where TVector : class, IVector<TVector>
    {
        // As many batches stay valid as a method can look back within one window.
        int count = train.TrainingCount, validating = train.Folds?.Validation[0].Length ?? validation?.Count ?? 0;
        BatchSource Training(ExampleSource<float> rows, IReadOnlyList<int[]>? own, int seed) => objective.CreateBatchSource(rows, own, options.BatchSizeFor(count), seed, loop.TuningInterval + 1);
        BatchSource Validation(ExampleSource<float> rows, IReadOnlyList<int[]>? own, int seed) => objective.CreateBatchSource(rows, own, options.ValidationBatchSizeFor(count, validating), seed, 2);
        BatchSource training = Training(train, train.Folds?.Training, options.Seed);
        BatchSource? heldOut = validation is null ? null : Validation(validation, train.Folds?.Validation, options.Seed);
        if (!loop.Method.TakesSeveralPasses)
            return new OnePassLoop<TVector>(objective, training, heldOut, loop).Run(progress, cancellation);
        return new SeveralPasses<TVector>(objective, training, heldOut, loop, train.Redivided is not { Folds: { } folds } all ? null
            : (pass, seed) => (Training(all, [folds.Training[pass]], seed), Validation(all, [folds.Validation[pass]], seed))).Run(progress, cancellation);
    }

    /// <summary>
    /// Where it was left to chance which rows validate. Of several members in place of the same validation rows for all: all rows, of which others validate each; of a method of several passes the training
    /// rows, and besides all rows, of which others validate in each pass.
    /// </summary>
    internal static Examples<float> Fold(Examples<float> training, Examples<float> validation, Loss loss, OnePassOptions options)
    {
        Examples<float> Folded(int times) => training.Folded(validation, times, byClass: loss != Loss.SquaredError, options.Seed);
        // Whoever keeps its own rows only cannot have others' validate.
        return options.Divide == WorkerDivision.Rows ? training
            : options.MemberCount > 1 ? Folded(options.MemberCount)
            : options.Method is ForwardSharing sharing ? training.WithDivisions(Folded(sharing.Passes))
            : training;
    }

    private static OnePassResult Describe(PreparedData<float> data, ExampleSource<float> training, OnePassOptions options, Architecture architecture, LoopResult<DenseVector<float>> result)
    {
        // Of rows that are read in blocks a sample is in memory.
        Examples<float> known = training as Examples<float> ?? data.Train;
        IReadOnlyList<int> unlearned = training.Share is { } share ? share.ZeroFeatures : training is PackedExamples packed ? packed.ZeroFeatures : options.RetrainOnAll ? Tasks.ZeroFeatures(data.Train, data.Validation) : Tasks.ZeroFeatures(known);
        var networks = new TrainedNetworks(architecture, result, training, data.Validation, data.Target.Standardization, unlearned, options.RetrainOnAll);
        Metrics train = Evaluation.Measure(networks.Score(known), known.Targets, data.Target), validation = Evaluation.Measure(networks.HeldOut.Outputs, networks.HeldOut.Targets, data.Target);
        TrainingRecord record = TrainingRecords.Describe(result, options, training, (networks.ValidationCount, data.SkippedRows), new(architecture.Loss, data.Target.Standardization.Scales[0]), (train.Error, validation.Error));
        return new()
        {
            Model = new(data.Features, data.Target, new(architecture, networks.Weights, [data.Features.Standardization, .. data.Train.Widening], data.Target.Standardization, record, networks.Calibration)),
            Train = train,
            Validation = validation,
            Test = data.Test is null ? null : Evaluation.Measure(networks.Score(data.Test), data.Test.Targets, data.Target),
            ResumedFrom = result.ResumedFrom,
            Warnings = [.. data.Warnings, .. result.Warnings],
        };
    }
}
