namespace MLNetHyper.Experiments;

/// <summary>An experiment with its data in memory.</summary>
public abstract class LoadedExperiment : IDisposable
{
    internal LoadedExperiment(PaperExperiment experiment) => Experiment = experiment;

    /// <summary>Which experiment it is.</summary>
    public PaperExperiment Experiment { get; }

    /// <summary>Weight steps of one pass over the training examples, at least 1.</summary>
    public virtual int StepsPerEpoch => 1;

    /// <summary>Trains once. The same arguments give the same error.</summary>
    /// <param name="method">How hyperparameters are tuned.</param>
    /// <param name="steps">Weight steps, at least <see cref="PaperExperiment.Interval"/>.</param>
    /// <param name="seed">What weights, hyperparameters and the order of examples are drawn from.</param>
    /// <param name="cancellation">Ends training; the result is then not used.</param>
    internal abstract PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation);

    /// <summary>
    /// Trains once per seed, by default in parallel on all processors. An engine that trains many networks at once better
    /// overrides this.
    /// </summary>
    /// <param name="method">How hyperparameters are tuned.</param>
    /// <param name="steps">Weight steps of each run.</param>
    /// <param name="seeds">One per run.</param>
    /// <param name="finished">Told of every run that has ended, from any thread.</param>
    /// <param name="cancellation">Ends the experiment.</param>
    /// <returns>One run per seed, in their order.</returns>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    internal virtual IReadOnlyList<PaperRun> RunAll(PaperMethod method, long steps, IReadOnlyList<int> seeds, Action<PaperRun> finished, CancellationToken cancellation)
    {
        PaperRun[] runs = new PaperRun[seeds.Count];
        Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, i =>
        {
            runs[i] = Run(method, steps, seeds[i], cancellation);
            finished(runs[i]);
        });
        cancellation.ThrowIfCancellationRequested();
        return runs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the data hold outside managed memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
