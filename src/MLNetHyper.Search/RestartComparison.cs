using System.Diagnostics;

namespace MLNetHyper.Search;

/// <summary>
/// Compares a one-pass run with restart-based searches on the same network, data divisions, batches and steps. Budgets are counted
/// in gradient evaluations. Every search chooses by validation and touches the test rows once, after that.
/// </summary>
public static class RestartComparison
{
    /// <summary>The contestant that starts like the one-pass run and tunes nothing.</summary>
    public const string Plain = "plain";

    /// <summary>Runs the comparison.</summary>
    /// <param name="table">The data.</param>
    /// <param name="options">What to compare.</param>
    /// <param name="progress">Told of every finished contestant, of all workers.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <exception cref="DataFormatException">The data cannot be trained on, or no rows are left for the test.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    /// <exception cref="WorkersException">Another worker failed.</exception>
    public static ComparisonResult Run(Table table, ComparisonOptions options, IProgress<ComparisonEntry>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        RestartProblem[] problems = [.. Enumerable.Range(0, options.Repeats).Select(repeat => Prepare(table, options, unchecked(options.Seed + repeat)))];
        List<ComparisonEntry> entries = [];
        OnePassResult? example = null;
        // The first repeat's one-pass run is run again, since its trajectory is shown.
        ComparisonEntry? Known(string method, int? multiple, int seed) => method == options.Training.Method.Name && seed == options.Seed ? null
            : options.Finished.FirstOrDefault(entry => entry.Method == method && entry.Repeat == seed && (multiple is null || entry.Multiple == multiple));
        Func<CancellationToken, ComparisonEntry> Task(RestartProblem problem, string method, int? multiple, Func<CancellationToken, ComparisonEntry> run) => ended => Known(method, multiple, problem.Seed) ?? run(ended);
        Func<CancellationToken, ComparisonEntry> OnePassTask(RestartProblem problem) => Task(problem, options.Training.Method.Name, null, ended => OnePassEntry(problem, options, result => example = problem.Seed == options.Seed ? result : example, ended));
        Func<CancellationToken, ComparisonEntry>[] tasks =
        [
            // Whoever writes has the first.
            OnePassTask(problems[0]),
            // Then the longest, so that no processor waits for one at the end.
            .. from multiple in options.Multiples.OrderDescending()
               from problem in problems
               from search in options.Searches
               select Task(problem, search.Name, multiple, ended => Search(problem, search, options.Space, multiple, ended)),
            .. problems.Skip(1).Select(OnePassTask),
            .. problems.Select(problem => Task(problem, Plain, null, ended => PlainEntry(problem, Plain, Started(options, problem.Seed), ended))),
            .. from baseline in options.Baselines
               from problem in problems
               select Task(problem, baseline.Name, null, ended => PlainEntry(problem, baseline.Name, baseline.For(Started(options, problem.Seed)), ended)),
        ];
        DividedRuns.Do(options.Workers, tasks.Length, options.Parallelism, FinishedJson.Default.ComparisonEntryArray, Run, Note, cancellation);
        if (example is null)
            OnePassEntry(problems[0], options, result => example = result, cancellation);
        cancellation.ThrowIfCancellationRequested();
        string[] order = [options.Training.Method.Name, Plain, .. options.Baselines.Select(b => b.Name), .. options.Searches.Select(s => s.Name)];
        return new ComparisonResult(table.Source, problems[0].Data.Task, options,
            [.. entries.OrderBy(e => Array.IndexOf(order, e.Method)).ThenBy(e => IsSearch(options, e.Method) ? e.Multiple : 0).ThenBy(e => unchecked(e.Repeat - options.Seed))], example!);

        void Run(int number, Action<ComparisonEntry> report, CancellationToken ended)
        {
            ComparisonEntry entry = tasks[number](ended);
            // A run that was cut short has not finished.
            ended.ThrowIfCancellationRequested();
            report(entry);
        }

        void Note(ComparisonEntry entry)
        {
            entries.Add(entry);
            progress?.Report(entry);
        }
    }

    internal static bool IsSearch(ComparisonOptions options, string method) => options.Searches.Any(s => s.Name == method);

    private static RestartProblem Prepare(Table table, ComparisonOptions options, int seed)
    {
        PreparedData<float> data = DataPreparation.Prepare<float>(table, options.Data with { Seed = seed });
        if (data.Test is null)
            throw new DataFormatException("no rows are left to test on. Give a test fraction above 0 or a test file.", table.Source);
        return new RestartProblem(data, Started(options, seed), seed);
    }

    private static ComparisonEntry Search(RestartProblem problem, RestartSearch search, SearchSpace space, int multiple, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        SearchOutcome outcome = search.Run(problem, space, multiple, cancellation);
        double error = double.IsFinite(outcome.Best.ValidationLoss) ? outcome.Best.TestError() : double.NaN;
        return Entry(problem, search.Name, multiple, error, outcome.GradientEvaluations, start, outcome.Trials, outcome.Diverged, outcome.Best.Point);
    }

    private static ComparisonEntry OnePassEntry(RestartProblem problem, ComparisonOptions options, Action<OnePassResult> keep, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        OnePassResult result = OnePass.Train(problem.Data, Whole(problem, Started(options, problem.Seed)), cancellation: cancellation);
        keep(result);
        return Entry(problem, options.Training.Method.Name, result.GradientEvaluations / problem.Steps, result.Test!.Error, result.GradientEvaluations, start, 1, Diverged(result), SearchPoint.AtBestStep(result, options.Training.LearningRateSchedule));
    }

    private static ComparisonEntry PlainEntry(RestartProblem problem, string name, OnePassOptions started, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        OnePassResult result = OnePass.Train(problem.Data, Whole(problem, started) with { Method = new Fixed(), Tune = [] }, cancellation: cancellation);
        return Entry(problem, name, result.GradientEvaluations / problem.Steps, result.Test!.Error, result.GradientEvaluations, start, 1, Diverged(result), SearchPoint.Of(result.InitialHyperparameters));
    }

    /// <summary>All steps, as the searches' runs take them: by default a run would stop where the validation loss falls no more.</summary>
    private static OnePassOptions Whole(RestartProblem problem, OnePassOptions options) => options with { Steps = problem.Steps, Epochs = null };

    private static int Diverged(OnePassResult result) => result.Status == TrainingStatus.Diverged ? 1 : 0;

    /// <summary>The one-pass options of one repeat: its seed, and drawn hyperparameters if asked for.</summary>
    private static OnePassOptions Started(ComparisonOptions options, int seed)
    {
        // One checkpoint file could not serve several runs at a time.
        OnePassOptions training = options.Training with { Seed = seed, CheckpointPath = null, Threads = options.Training.Threads ?? 1 };
        if (!options.RandomInitialHyperparameters)
            return training;
        SplitMix64 random = new(seed, 4);
        SearchPoint point = options.Space.Draw(ref random);
        return training with
        {
            Initial = point.For(training.Rule.Hyperparameters),
        };
    }

    private static ComparisonEntry Entry(RestartProblem problem, string method, double multiple, double error, double work, long start, int trials, int diverged, SearchPoint setting)
    {
        bool failed = !double.IsFinite(error);
        return new(method, multiple, problem.Seed, failed ? Evaluation.MeanPredictor(problem.Data, problem.Data.Test!).Error : error, work / problem.Steps,
            Stopwatch.GetElapsedTime(start).TotalSeconds, failed, trials, diverged)
        { Setting = failed ? null : setting };
    }
}
