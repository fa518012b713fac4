namespace MLNetHyper.Experiments;

/// <summary>An experiment on a multilayer perceptron, with its data. It runs on the managed engine; others can take the parts from here.</summary>
internal abstract class LoadedNetworkExperiment(PaperExperiment experiment) : LoadedExperiment(experiment)
{
    /// <summary>What is trained.</summary>
    internal abstract Architecture Architecture { get; }

    /// <summary>Examples in a batch, for training and validation; more than there are for full batches.</summary>
    internal virtual int BatchSize => int.MaxValue;

    /// <summary>The examples that validate.</summary>
    internal abstract Examples<float> Validation { get; }

    /// <summary>The examples that train.</summary>
    /// <param name="withValidation">Whether those that validate are among them.</param>
    internal abstract Examples<float> Training(bool withValidation);

    /// <summary>What the shuffling of batches is drawn from; null for examples in their order.</summary>
    internal virtual int? ShuffleSeed(int seed) => null;

    /// <summary>The error on the test examples, in the experiment's metric.</summary>
    /// <param name="objective">The network.</param>
    /// <param name="weights">Its weights after the last step, finite or not.</param>
    internal abstract double TestError(NetworkObjective<float> objective, DenseVector<float> weights);

    internal override PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation)
    {
        var objective = new NetworkObjective<float>(Architecture);
        LoopOptions options = method.Options(steps, seed);
        (BatchSource training, BatchSource? validation) = Batches(objective, method, seed);
        LoopResult<DenseVector<float>> result = new OnePassLoop<DenseVector<float>>(objective, training, validation, options).Run(cancellation: cancellation);
        return PaperRun.Of(result, TestError(objective, result.FinalWeights));
    }

    /// <summary>Training and validation batches for an engine.</summary>
    internal (BatchSource Training, BatchSource? Validation) Batches<TVector>(INetworkObjective<TVector, float> objective, PaperMethod method, int seed) where TVector : class, IVector<TVector> =>
    (
        objective.CreateBatchSource(Training(method.TrainsOnValidation), BatchSize, ShuffleSeed(seed), retained: PaperExperiment.Interval + 1),
        method.TrainsOnValidation ? null : objective.CreateBatchSource(Validation, BatchSize, ShuffleSeed(seed), retained: 2)
    );
}
