using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Cli;

/// <summary>An experiment on a module of TorchSharp, with its data on the device. Runs follow one another, since one fills the device.</summary>
internal abstract class LoadedModuleExperiment(PaperExperiment experiment) : LoadedExperiment(experiment)
{
    /// <summary>The largest norm of a training gradient, or null.</summary>
    private protected virtual double? GradientClip => null;

    /// <summary>The model with its mean loss.</summary>
    private protected abstract TorchObjective CreateObjective();

    /// <summary>The training batches, as long valid as tuning needs them.</summary>
    /// <param name="withValidation">Whether what validates is among them.</param>
    /// <param name="seed">What their order is drawn from, if it is.</param>
    private protected abstract BatchSource CreateTraining(bool withValidation, int seed);

    /// <summary>The validation batches.</summary>
    private protected abstract BatchSource CreateValidation(int seed);

    /// <summary>The test batches.</summary>
    private protected abstract BatchSource CreateTest();

    /// <summary>Trains.</summary>
    private protected virtual LoopResult<TorchVector> Train(TorchObjective objective, BatchSource training, BatchSource? validation, LoopOptions options, IProgress<TrainingProgress>? watch, CancellationToken cancellation) =>
        new OnePassLoop<TorchVector>(objective, training, validation, options).Run(watch, cancellation);

    /// <summary>A test batch's mean error. Default: its loss.</summary>
    private protected virtual double ErrorOf(TorchObjective objective, Tensor output, TorchBatch batch) => objective.LossOf(output, batch).ToDouble();

    /// <summary>The experiment's metric from the mean test error.</summary>
    private protected virtual double Metric(double meanError) => meanError;

    internal sealed override PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using TorchObjective objective = CreateObjective();
        BatchSource training = CreateTraining(method.TrainsOnValidation, seed);
        using IDisposable? trainingBatches = training as IDisposable;
        BatchSource? validation = method.TrainsOnValidation ? null : CreateValidation(seed);
        using IDisposable? validationBatches = validation as IDisposable;
        LoopOptions options = method.Options(steps, seed) with { GradientClip = GradientClip };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Without a guard, nothing brings back a run whose loss is not a number; thousands of steps would be for nothing.
        IProgress<TrainingProgress>? watch = options.Guard ? null : new LossWatch(end);
        LoopResult<TorchVector> result = Train(objective, training, validation, options, watch, end.Token);
        // A rectifier may hide a weight that is not a number.
        bool isLost = end.IsCancellationRequested || !result.FinalWeights.IsFinite();
        return PaperRun.Of(result, isLost ? double.NaN : TestError(objective, result.FinalWeights, training));
    }

    internal sealed override IReadOnlyList<PaperRun> RunAll(PaperMethod method, long steps, IReadOnlyList<int> seeds, Action<PaperRun> finished, CancellationToken cancellation)
    {
        List<PaperRun> runs = [];
        foreach (int seed in seeds)
        {
            runs.Add(Run(method, steps, seed, cancellation));
            cancellation.ThrowIfCancellationRequested();
            finished(runs[^1]);
        }
        return runs;
    }

    private double TestError(TorchObjective objective, TorchVector weights, BatchSource training)
    {
        using nn.Module<Tensor, Tensor> trained = objective.CreateTrained(weights, training);
        BatchSource test = CreateTest();
        using IDisposable? batches = test as IDisposable;
        using IDisposable mode = no_grad();
        double sum = 0;
        for (int i = 0; i < test.BatchesPerEpoch; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            var batch = (TorchBatch)test.BatchAt(i);
            sum += ErrorOf(objective, trained.call(batch.Inputs), batch) * batch.Count;
        }
        return Metric(sum / test.ExampleCount);
    }

    private sealed class LossWatch(CancellationTokenSource end) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (double.IsNaN(value.TrainingLoss))
                end.Cancel();
        }
    }
}
