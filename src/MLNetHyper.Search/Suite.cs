using System.Collections.Concurrent;
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
    /// <param name="progress">Told of every finished contestant, from any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataFormatException">A table cannot be trained on.</exception>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static SuiteResult Run(IReadOnlyList<(string Name, Table Table)> tables, SuiteOptions options, IProgress<SuiteEntry>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (tables.Count == 0)
            throw new ArgumentException("A suite needs at least one table.", nameof(tables));
        var entries = new ConcurrentBag<SuiteEntry>();
        var described = new ConcurrentDictionary<string, (LearningTask Task, int Rows, int Features)>();
        // Long ones first, so that no processor waits for one at the end.
        (string Name, Table Table, int Division)[] pieces = [.. tables.OrderByDescending(t => t.Table.RowCount).SelectMany(t => Enumerable.Range(0, options.Divisions).Select(d => (t.Name, t.Table, d)))];
        Parallel.ForEach(Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation }, piece =>
        {
            int seed = unchecked(options.Seed + piece.Division);
            PreparedData<float> data = DataPreparation.Prepare<float>(piece.Table, new DataOptions { LabelColumn = options.LabelColumn, TestFraction = options.TestFraction, ValidationFraction = options.ValidationFraction, Seed = seed });
            described[piece.Name] = (data.Task, piece.Table.RowCount, data.Train.InputCount);
            SuiteEntry?[] known = [.. options.Contestants.Select(contestant => options.Finished.FirstOrDefault(entry => entry.Table == piece.Name && entry.Division == piece.Division && entry.Contestant == contestant.Name))];
            // Contestants share work on a division.
            if (Array.TrueForAll(known, entry => entry is not null))
            {
                foreach (SuiteEntry? entry in known)
                {
                    entries.Add(entry!);
                    progress?.Report(entry!);
                }
                return;
            }
            var division = new SuiteDivision(data, options.Training with { Seed = seed, CheckpointPath = null }, cancellation);
            foreach (SuiteContestant contestant in options.Contestants)
            {
                long start = Stopwatch.GetTimestamp();
                (double error, double work) = contestant.Run(division);
                cancellation.ThrowIfCancellationRequested();
                bool failed = !double.IsFinite(error);
                SuiteEntry entry = new(piece.Name, contestant.Name, piece.Division, failed ? Evaluation.MeanPredictor(data, data.Test!).Error : error, (Stopwatch.GetElapsedTime(start) + division.TakeSaved()).TotalSeconds, work, failed);
                entries.Add(entry);
                progress?.Report(entry);
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return new([.. tables.Select(t => new SuiteTable(t.Name, described[t.Name].Task, described[t.Name].Rows, described[t.Name].Features,
            [.. options.Contestants.Select(c => SuiteStanding.Of(c.Name, [.. entries.Where(e => e.Table == t.Name && e.Contestant == c.Name).OrderBy(e => e.Division)]))]))], options);
    }
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
