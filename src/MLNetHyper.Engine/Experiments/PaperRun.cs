namespace MLNetHyper.Engine;

/// <summary>One training under the paper's protocol.</summary>
/// <param name="TestMse">In label units, after the last step; NaN or infinite where the run diverged.</param>
/// <param name="TrainingLoss">The last window's mean loss, on normalised targets.</param>
/// <param name="Seconds">Time taken.</param>
internal readonly record struct PaperRun(double TestMse, double TrainingLoss, double Seconds)
{
    private const int HiddenUnits = 50;

    internal static PaperRun Train(PreparedData<float> data, PaperMethod method, long steps, int seed, CancellationToken cancellation)
    {
        var objective = new NetworkObjective<float>(new Architecture(data.Features.FeatureCount, [HiddenUnits], 1, Activation.Relu, Loss.SquaredError));
        SgdUpdate rule = new();
        LoopOptions options = new()
        {
            Rule = rule,
            Hyperparameters = method.Hyperparameters(rule, PaperInitialisation.Draw(seed)),
            Method = method.Method,
            MetaOptimiser = new AdamMetaOptimiser(0.05, 0.9, method.Guarded ? 0.9 : 0.999),
            Interval = 10,
            Steps = steps,
            Guard = method.Guarded,
            Seed = seed,
        };
        Examples<float> train = method.TrainsOnValidation ? data.Train.Join(data.Validation) : data.Train;
        BatchSource training = objective.CreateBatchSource(train, int.MaxValue, shuffleSeed: null, retained: options.Interval + 1);
        BatchSource? validation = method.TrainsOnValidation ? null : objective.CreateBatchSource(data.Validation, int.MaxValue, shuffleSeed: null, retained: 1);
        LoopResult<DenseVector<float>> result = new OnePassLoop<DenseVector<float>>(objective, training, validation, options).Run(cancellation: cancellation);
        double rmse = Evaluation.Measure(objective, result.FinalWeights, data.Test!, data.Target).Rmse!.Value;
        return new(rmse * rmse, result.Trajectory.TrainingLosses[^1], result.Elapsed.TotalSeconds);
    }
}
