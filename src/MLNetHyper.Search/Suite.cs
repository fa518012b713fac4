using System.Diagnostics;

namespace MLNetHyper.Search;

/// <summary>
/// Contestants on many tables: each table's rows are divided at random again and again, all contestants of a division see the same rows, and test rows are scored once, after everything was chosen.
/// </summary>
public static class Suite
{
    /// <summary>Runs it.</summary>
    /// <param name="tables">The tables by name; the label is the column <see cref="SuiteOptions.LabelColumn"/> of each.</param>
    /// <param name="options">Who competes, and how often.</param>
    /// <param name="progress">Told of every finished contestant, of all workers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataFormatException">A table cannot be trained on.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    /// <exception cref="WorkersException">Another worker failed.</exception>
    public static SuiteResult Run(IReadOnlyList<(string Name, Table Table)> tables, SuiteOptions options, IProgress<SuiteEntry>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (tables.Count == 0)
            throw new ArgumentException("A suite needs at least one table.", nameof(tables));
        List<SuiteEntry> entries = [];
        // Long ones first, so that no processor waits for one at the end.
        (string Name, Table Table, int Division)[] pieces = [.. tables.OrderByDescending(t => t.Table.RowCount).SelectMany(t => Enumerable.Range(0, options.Divisions).Select(d => (t.Name, t.Table, d)))];
        DividedRuns.Do(options.Workers, pieces.Length, options.Parallelism, FinishedJson.Default.SuiteEntryArray, Run, Note, cancellation);
        Dictionary<string, PreparedData<float>> prepared = tables.ToDictionary(t => t.Name, t => Prepare(t.Table, options, options.Seed));
        return new([.. tables.Select(t => new SuiteTable(t.Name, prepared[t.Name].Task, t.Table.RowCount, prepared[t.Name].Train.InputCount,
            [.. options.Contestants.Select(c => SuiteStanding.Of(c.Name, [.. entries.Where(e => e.Table == t.Name && e.Contestant == c.Name).OrderBy(e => e.Division)]))]))], options);

        void Note(SuiteEntry entry)
        {
            entries.Add(entry);
            progress?.Report(entry);
        }

        void Run(int number, Action<SuiteEntry> report, CancellationToken ended)
        {
            (string name, Table table, int divided) = pieces[number];
            SuiteEntry?[] known = [.. options.Contestants.Select(contestant => options.Finished.FirstOrDefault(entry => entry.Table == name && entry.Division == divided && entry.Contestant == contestant.Name))];
            // Contestants share work on a division.
            if (Array.TrueForAll(known, entry => entry is not null))
            {
                foreach (SuiteEntry? entry in known)
                    report(entry!);
                return;
            }
            int seed = unchecked(options.Seed + divided);
            PreparedData<float> data = Prepare(table, options, seed);
            var division = new SuiteDivision(data, options.Training with { Seed = seed, CheckpointPath = null, Threads = options.Training.Threads ?? 1 }, ended);
            foreach (SuiteContestant contestant in options.Contestants)
            {
                long start = Stopwatch.GetTimestamp();
                (double error, double work) = contestant.Run(division);
                ended.ThrowIfCancellationRequested();
                bool failed = !double.IsFinite(error);
                report(new(name, contestant.Name, divided, failed ? Evaluation.MeanPredictor(data, data.Test!).Error : error, (Stopwatch.GetElapsedTime(start) + division.TakeSaved()).TotalSeconds, work, failed));
            }
        }
    }

    private static PreparedData<float> Prepare(Table table, SuiteOptions options, int seed) =>
        DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = options.LabelColumn, TestFraction = options.TestFraction, ValidationFraction = options.ValidationFraction, Seed = seed });
}

/// <summary>One contestant on one division of one table.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Contestant">The contestant's name.</param>
/// <param name="Division">Which random division, from 0.</param>
/// <param name="TestError">RMSE in label units, or log-loss; that of predicting the mean where it failed.</param>
/// <param name="Seconds">Wall-clock time, with other divisions beside where several run at a time.</param>
/// <param name="GradientEvaluations">All work, in gradients of one network on one batch.</param>
/// <param name="Failed">Whether it delivered nothing finite.</param>
public sealed record SuiteEntry(string Table, string Contestant, int Division, double TestError, double Seconds, double GradientEvaluations, bool Failed);
