namespace MLNetHyper.Experiments;

/// <summary>The final test error of one method from many random initializations.</summary>
/// <param name="Key">The method's key.</param>
/// <param name="Title">The method's name.</param>
/// <param name="Mean">Mean of the runs that stayed finite, as in the paper.</param>
/// <param name="MeanError">Its bootstrap standard error.</param>
/// <param name="Median">Median of the runs that stayed finite.</param>
/// <param name="MedianError">Its bootstrap standard error.</param>
/// <param name="Best">The lowest.</param>
/// <param name="BestError">Its bootstrap standard error.</param>
/// <param name="Runs">Number of runs.</param>
/// <param name="Failures">How many of them ended in numbers that are not finite, or from <see cref="PaperExperiment.FailureFrom"/> on. They are in no other figure.</param>
/// <param name="MeanSeconds">Mean time of one run.</param>
/// <param name="PublishedMean">The paper's mean, as printed; null where it has none.</param>
/// <param name="PublishedMedian">The paper's median.</param>
/// <param name="PublishedBest">The paper's best.</param>
public sealed record ReproductionRow(string Key, string Title, double Mean, double MeanError, double Median, double MedianError, double Best, double BestError,
    int Runs, int Failures, double MeanSeconds, string? PublishedMean, string? PublishedMedian, string? PublishedBest)
{
    /// <summary>How many standard errors of the difference <see cref="Mean"/> lies above the paper's; NaN where the paper has no mean with an error, or no run stayed finite.</summary>
    public double Departure => PublishedResult.WithError(PublishedMean) is var (mean, error) ? (Mean - mean) / Math.Sqrt((MeanError * MeanError) + (error * error)) : double.NaN;
}

/// <summary>Repeats the experiments of Clarke et al. 2022.</summary>
public static class PaperReproduction
{
    /// <summary>The published number of initializations of the experiments on tables.</summary>
    public const int PublishedInitializations = 200;

    /// <summary>The published number of weight steps of the experiments on tables.</summary>
    public const long PublishedSteps = 4000;

    /// <summary>Runs an experiment on a table, as published in table 1.</summary>
    /// <param name="dataset">Which data set.</param>
    /// <param name="table">Its rows.</param>
    /// <param name="methods">Which rows; <see cref="PaperMethod.All"/> for all.</param>
    /// <param name="initializations">Random initializations, at least 3. Published: 200.</param>
    /// <param name="steps">Weight steps, at least 10. Published: 4000.</param>
    /// <param name="seed">The first initialization's seed; the others follow.</param>
    /// <param name="progress">Told of every finished run, from any thread: the method's title and the test MSE.</param>
    /// <param name="cancellation">Ends the experiment.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static IReadOnlyList<ReproductionRow> Run(ReferenceDataset dataset, Table table, IReadOnlyList<PaperMethod> methods, int initializations = PublishedInitializations,
        long steps = PublishedSteps, int seed = 0, IProgress<(string Title, double TestMse)>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        using LoadedExperiment loaded = new TableExperiment(dataset).With(table);
        return Run(loaded, methods, initializations, steps, seed, progress, cancellation);
    }

    /// <summary>Runs an experiment.</summary>
    /// <param name="experiment">The experiment and its data.</param>
    /// <param name="methods">Which rows, of the experiment's <see cref="PaperExperiment.Methods"/>.</param>
    /// <param name="initializations">Random initializations, at least 3; null for as many as published.</param>
    /// <param name="steps">Weight steps, at least 10; null for as many as published.</param>
    /// <param name="seed">The first initialization's seed; the others follow.</param>
    /// <param name="progress">Told of every finished run, from any thread: the method's title and the error in the experiment's <see cref="PaperExperiment.Metric"/>.</param>
    /// <param name="cancellation">Ends the experiment.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static IReadOnlyList<ReproductionRow> Run(LoadedExperiment experiment, IReadOnlyList<PaperMethod> methods, int? initializations = null,
        long? steps = null, int seed = 0, IProgress<(string Title, double TestError)>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(methods);
        PaperExperiment paper = experiment.Experiment;
        int count = initializations ?? paper.PublishedInitializations;
        long length = steps ?? paper.PublishedSteps;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 3, nameof(initializations));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, PaperExperiment.Interval, nameof(steps));
        int[] seeds = [.. Enumerable.Range(0, count).Select(i => seed + i)];
        List<ReproductionRow> rows = [];
        foreach (PaperMethod method in methods)
        {
            PaperRun[] runs = [.. experiment.RunAll(method, length, seeds, run => progress?.Report((method.Title, run.TestError)), cancellation)];
            rows.Add(Summarize(paper, method.Key, method.Title, [.. runs.Select(r => r.TestError)], runs.Average(r => r.Seconds)));
            if (method.Key == PaperMethod.RandomKey)
                rows.Add(Summarize(paper, PaperMethod.Random3Key, "Random, best of 3", BestOfThree(runs), 3 * runs.Average(r => r.Seconds)));
        }
        return rows;
    }

    /// <summary>Batches of three runs at three times the cost, the best of them by the loss on the rows that they trained on: they have no others.</summary>
    private static double[] BestOfThree(PaperRun[] runs) =>
        [.. runs.Chunk(3).Where(batch => batch.Length == 3).Select(batch => batch.MinBy(r => double.IsFinite(r.TrainingLoss) ? r.TrainingLoss : double.PositiveInfinity).TestError)];

    internal static ReproductionRow Summarize(PaperExperiment experiment, string key, string title, double[] errors, double seconds)
    {
        double[] finite = [.. errors.Where(error => double.IsFinite(error) && error < experiment.FailureFrom)];
        PublishedResult? published = experiment.Published(key);
        (double Value, double Error) Of(Func<double[], double> statistic) =>
            finite.Length == 0 ? (double.NaN, double.NaN) : (statistic(finite), Bootstrap.StandardError(finite, statistic));
        (double mean, double meanError) = Of(x => x.Average());
        (double median, double medianError) = Of(x => Statistics.Median(x));
        (double best, double bestError) = Of(x => x.Min());
        return new(key, title, mean, meanError, median, medianError, best, bestError, errors.Length, errors.Length - finite.Length, seconds,
            published?.Mean, published?.Median, published?.Best);
    }
}
