using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>Trains a network on a table while it tunes its own learning rate, momentum and weight decay, in one pass.</summary>
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
    /// <param name="cancellation">Takes effect within one weight step; the result holds what was reached.</param>
    /// <exception cref="DataFormatException">The data cannot be trained on; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static OnePassResult Train(Table table, DataOptions data, OnePassOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        PreparedData<float> prepared = DataPreparation.Prepare<float>(table, data);
        return Train(prepared, options ?? new(), progress, cancellation);
    }

    /// <summary>Trains on data that are prepared already.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told of every hyperparameter step, on this thread.</param>
    /// <param name="cancellation">Takes effect within one weight step.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run or version, or damaged.</exception>
    public static OnePassResult Train(PreparedData<float> data, OnePassOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Architecture architecture = Tasks.Architecture(data.Target, data.Features.FeatureCount, options.Hidden, options.Activation);
        var objective = new NetworkObjective<float>(architecture, options.Threads);
        IReadOnlyList<Hyperparameter> hyperparameters = options.Hyperparameters();
        LoopOptions loop = Loop(data, options, hyperparameters, architecture);
        LoopResult<DenseVector<float>> result = Run(objective, data.Train, data.Validation, options, loop, progress, cancellation);
        if (options.RetrainOnAll && result.Status != TrainingStatus.Cancelled && result.BestStep > 0)
            result = Retrain(result, objective, data.Train.Join(data.Validation), options, loop, cancellation);
        return Describe(data, options, objective, hyperparameters, result);
    }

    /// <summary>The same again on more rows, at the learned values, unless that goes wrong.</summary>
    private static LoopResult<DenseVector<float>> Retrain(LoopResult<DenseVector<float>> tuned, NetworkObjective<float> objective, Examples<float> all, OnePassOptions options, LoopOptions loop, CancellationToken cancellation)
    {
        TimeSpan? left = loop.TimeBudget - tuned.Elapsed;
        if (left <= TimeSpan.Zero)
            return Keep(tuned, "No time was left to retrain on all rows");
        LoopResult<DenseVector<float>> again = Run(objective, all, null, options,
            loop with { Method = new Fixed(), Schedule = tuned.Trajectory, Steps = tuned.BestStep, TimeBudget = left, Patience = null, CheckpointPath = null, Hyperparameters = [.. loop.Definitions.Select(h => h with { Tuned = false })] },
            null, cancellation);
        LoopResult<DenseVector<float>> result = tuned with { GradientEvaluations = tuned.GradientEvaluations + again.GradientEvaluations, Elapsed = tuned.Elapsed + again.Elapsed };
        if (again.Status == TrainingStatus.Cancelled)
            return result with { Status = TrainingStatus.Cancelled };
        if (again.Status != TrainingStatus.Completed)
            return Keep(result, again.Status == TrainingStatus.Diverged ? "Retraining on all rows diverged" : "The time budget ended while retraining on all rows");
        // The tuned weights are the best of many steps, those retrained only the last: some last steps are bad ones. The retrained
        // have seen all these rows, so if they are worse even here, they are worse.
        Batch rows = objective.CreateBatchSource(all, all.Count, options.Seed, 1).BatchAt(0);
        ILinearisation<DenseVector<float>> linearisation = objective.CreateLinearisation(withProducts: false);
        return linearisation.Loss(again.Weights, rows) <= linearisation.Loss(tuned.Weights, rows)
            ? result with { Weights = again.Weights }
            : Keep(result, "Retraining on all rows gave worse weights, even on these rows");
    }

    private static LoopResult<DenseVector<float>> Keep(LoopResult<DenseVector<float>> tuned, string why) =>
        tuned with { Warnings = [.. tuned.Warnings, $"{why}; the tuned weights were kept."] };

    private static LoopOptions Loop(PreparedData<float> data, OnePassOptions options, IReadOnlyList<Hyperparameter> hyperparameters, Architecture architecture) => new()
    {
        Rule = options.Rule,
        Hyperparameters = hyperparameters,
        Method = options.Method,
        MetaOptimiser = options.MetaOptimiser,
        Interval = options.Interval,
        Steps = options.StepsFor(data.Train.Count),
        TimeBudget = options.TimeBudget,
        Patience = options.Patience,
        Guard = options.Guard,
        Seed = options.Seed,
        CheckpointPath = options.CheckpointPath,
        CheckpointEvery = options.CheckpointEvery,
        Fingerprint = options.CheckpointPath is null ? "" : Fingerprint(data, options, hyperparameters, architecture),
    };

    private static LoopResult<DenseVector<float>> Run(NetworkObjective<float> objective, Examples<float> train, Examples<float>? validation, OnePassOptions options, LoopOptions loop, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        // As many batches stay valid as a method can look back within one window.
        BatchSource training = objective.CreateBatchSource(train, options.BatchSizeFor(train.Count), options.Seed, loop.Interval + 1);
        BatchSource? held = validation is null ? null : objective.CreateBatchSource(validation, options.ValidationBatchSizeFor(train.Count, validation.Count), options.Seed, 2);
        return new OnePassLoop<DenseVector<float>>(objective, training, held, loop).Run(progress, cancellation);
    }

    private static OnePassResult Describe(PreparedData<float> data, OnePassOptions options, NetworkObjective<float> objective, IReadOnlyList<Hyperparameter> hyperparameters, LoopResult<DenseVector<float>> result)
    {
        DenseVector<float> weights = result.Weights;
        double[] standardised = new double[weights.Length];
        weights.CopyTo(standardised);
        Dictionary<string, double> final = [];
        foreach (Hyperparameter h in hyperparameters)
            final[h.Name] = result.Trajectory.Count > 0 ? result.Trajectory.Values(h.Name)[^1] : h.Initial;
        Metrics Measure(Examples<float> examples) => Evaluation.Measure(objective, weights, examples, data.Target);
        return new()
        {
            Status = result.Status,
            Model = new(data.Features, data.Target, objective.Architecture, Tasks.FoldStandardisation(standardised, objective.Architecture, data.Features, data.Target), final),
            Train = Measure(data.Train),
            Validation = Measure(data.Validation),
            Test = data.Test is null ? null : Measure(data.Test),
            InitialHyperparameters = hyperparameters.ToDictionary(h => h.Name, h => h.Initial),
            FinalHyperparameters = final,
            TunedHyperparameters = [.. hyperparameters.Where(h => h.Tuned).Select(h => h.Name)],
            Trajectory = result.Trajectory,
            Steps = result.Steps,
            BestStep = result.BestStep,
            GradientEvaluations = result.GradientEvaluations,
            Elapsed = result.Elapsed,
            Rollbacks = result.Rollbacks,
            Seed = options.Seed,
            SkippedRows = data.SkippedRows,
            Warnings = result.Warnings,
        };
    }

    /// <summary>Everything that a run depends on but its budget, which may be raised on resuming.</summary>
    private static string Fingerprint(PreparedData<float> data, OnePassOptions options, IReadOnlyList<Hyperparameter> hyperparameters, Architecture architecture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Examples<float> part in new[] { data.Train, data.Validation })
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(part.Features));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(part.Targets));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(part.Weights ?? []));
        }
        string settings = string.Create(CultureInfo.InvariantCulture, $"{architecture.Inputs}-{string.Join('-', architecture.Hidden)}-{architecture.Outputs}|{architecture.Activation}|{options.Seed}|{options.BatchSizeFor(data.Train.Count)}|{options.ValidationBatchSizeFor(data.Train.Count, data.Validation.Count)}|{string.Join('|', hyperparameters)}");
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
