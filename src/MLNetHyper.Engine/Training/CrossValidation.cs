namespace MLNetHyper.Engine;

/// <summary>K-fold cross-validation: K trainings, each tested on rows that neither trained, nor tuned, nor told it anything.</summary>
/// <remarks>
/// Within each training part rows are set aside to validate as in any training. Means, deviations and categories are of its training rows. The standard error
/// of the mean takes folds for independent, which they are not quite, as they share training rows: it is a little too small (Bengio and Grandvalet 2004).
/// </remarks>
internal static class CrossValidation
{
    /// <summary>Trains on all but each fold in turn and tests on it.</summary>
    /// <param name="table">The data, label included.</param>
    /// <param name="data">The label and what to ignore. How many rows validate holds within each training part; there is no other test.</param>
    /// <param name="options">How to train. There are no checkpoints.</param>
    /// <param name="folds">How many folds, from 2 to the number of rows that have a label.</param>
    /// <param name="workers">Who divides the folds; each gets all errors.</param>
    /// <param name="progress">Told of every fold's errors.</param>
    /// <param name="cancellation">Ends it within one weight step, or a few short ones.</param>
    /// <returns>The errors on each fold.</returns>
    /// <exception cref="DataFormatException">The data cannot be trained on, or have fewer rows than folds.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    internal static IReadOnlyList<Metrics> Run(Table table, DataOptions data, OnePassOptions options, int folds, Workers workers, IProgress<Metrics>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        (DataOptions Division, Table Others)[] pieces = [.. Divide(table, data, folds)];
        var errors = new Metrics[pieces.Length];
        DividedRuns.Do(workers, pieces.Length, parallelism: 1, TestedFoldJson.Default.TestedFoldArray, Run, Note, cancellation);
        return errors;

        void Run(int number, Action<TestedFold> report, CancellationToken ended)
        {
            OnePassResult result = OnePass.Train(pieces[number].Others, pieces[number].Division, options with { CheckpointPath = null, Workers = Workers.One, Threads = options.ThreadCount }, cancellation: ended);
            ended.ThrowIfCancellationRequested();
            report(new(number, result.Test!));
        }

        void Note(TestedFold fold)
        {
            errors[fold.Number] = fold.Errors;
            progress?.Report(fold.Errors);
        }
    }

    private static IEnumerable<(DataOptions Division, Table Others)> Divide(Table table, DataOptions data, int folds)
    {
        // As a whole, the table tells the task and the classes.
        PreparedData<float> whole = DataPreparation.Prepare<float>(table, data with { TestFraction = 0, TestTable = null, RowOrder = null });
        int[] rows = [.. whole.TrainRows.Concat(whole.ValidationRows).Order()];
        if (rows.Length < folds)
            throw table.Error($"{rows.Length} rows that have a label are fewer than the {folds} folds. Ask for fewer.");
        int[] classes = whole.Task == LearningTask.Regression ? new int[rows.Length] : [.. whole.Target.Encode<double>(table.Select(rows)).Select(label => (int)label)];
        Dictionary<int, int> counts = classes.CountBy(label => label).ToDictionary();
        int[] order = MemberRows.Spread(classes, data.Seed);
        for (int fold = 0; fold < folds; fold++)
        {
            // Of a class's only row nothing could be learned elsewhere.
            int[] test = [.. order[(int)((long)fold * order.Length / folds)..(int)((long)(fold + 1) * order.Length / folds)].Where(i => counts[classes[i]] > 1).Select(i => rows[i]).Order()];
            if (test.Length > 0)
                yield return (data with { Task = whole.Task, TestFraction = 0, RowOrder = null, TestTable = table.Select(test) }, table.Select([.. rows.Except(test)]));
        }
    }
}
