namespace MLNetHyper.Engine;

/// <summary>Examples for training, validation and test, and the encoders that made them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class PreparedData<T> where T : unmanaged
{
    internal PreparedData(FeatureEncoder features, TargetEncoder target)
    {
        Features = features;
        Target = target;
    }

    /// <summary>How columns became features; fitted on <see cref="DataOptions.StatisticsFrom"/>.</summary>
    internal FeatureEncoder Features { get; }

    /// <summary>How labels became targets.</summary>
    internal TargetEncoder Target { get; }

    /// <summary>What is predicted.</summary>
    public LearningTask Task => Target.Task;

    /// <summary>The examples that the weights learn from; of a table that did not fit in memory a sample of them, and of workers that divide rows this one's.</summary>
    public required Examples<T> Train { get; init; }

    /// <summary>All of them: <see cref="Train"/>, or what is read block by block.</summary>
    internal ExampleSource<T> Training => Streaming ?? Train;

    private ExampleSource<T>? Streaming { get; init; }

    /// <summary>How many examples the weights learn from.</summary>
    internal int TrainingCount => Training.TrainingCount;

    /// <summary>The examples that the hyperparameters learn from.</summary>
    public required Examples<T> Validation { get; init; }

    /// <summary>The examples that nothing learns from; null if none were asked for.</summary>
    public required Examples<T>? Test { get; init; }

    /// <summary>The table's rows behind <see cref="Train"/>, counted from 0.</summary>
    public required IReadOnlyList<int> TrainRows { get; init; }

    /// <summary>The table's rows behind <see cref="Validation"/>, counted from 0.</summary>
    public required IReadOnlyList<int> ValidationRows { get; init; }

    /// <summary>The rows behind <see cref="Test"/>, counted from 0: of <see cref="DataOptions.TestTable"/> if there is one, otherwise of the table.</summary>
    public required IReadOnlyList<int> TestRows { get; init; }

    /// <summary>Number of rows of the table, and of the test table if there is one, that were skipped because their label or weight is missing.</summary>
    public required int SkippedRows { get; init; }

    /// <summary>Whether it was left to chance which rows validate.</summary>
    internal bool ValidatesAtRandom { get; init; } = true;

    /// <summary>What there is to know about the data before the result is trusted: what was left out or taken as missing, columns that look like dates, codes or row numbers, features that give the label away, and the like.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>The same data, whose features pass transforms before a network sees them.</summary>
    internal PreparedData<T> Through(IReadOnlyList<InputTransform> widening)
    {
        // Blocks are not copied.
        if (Streaming is not null)
            Streaming.Widening = widening;
        return Copy(Train.Through(widening), Validation.Through(widening), Test?.Through(widening), Streaming, SkippedRows, Warnings);
    }

    /// <summary>The same data, of whose training examples this worker keeps its own.</summary>
    /// <param name="own">Its own.</param>
    /// <param name="rows">Their places among all.</param>
    internal PreparedData<T> Sharing(Examples<T> own, int[] rows) => Copy(own, Validation, Test, null, SkippedRows, Warnings, ([.. rows.Select(row => TrainRows[row])], ValidationRows, TestRows));

    /// <summary>The same data, of a table that has some of the rows only.</summary>
    /// <param name="kept">Which, ascending: all that train here, validate and test.</param>
    /// <param name="testsElsewhere">Whether the rows that test are another table's.</param>
    internal PreparedData<T> OnRows(int[] kept, bool testsElsewhere)
    {
        IReadOnlyList<int> Places(IReadOnlyList<int> rows) => [.. rows.Select(row => Array.BinarySearch(kept, row))];
        return Copy(Train, Validation, Test, Streaming, SkippedRows, Warnings, (Places(TrainRows), Places(ValidationRows), testsElsewhere ? TestRows : Places(TestRows)));
    }

    /// <summary>As if there were no other workers: what is here of the training examples, a sample of all, as they were before anything widened them.</summary>
    internal PreparedData<T> Alone() => Training.Share is null ? this : Copy(new(Train.Features, Train.FeatureCount, Train.Targets, Train.Weights), Validation, Test, null, SkippedRows, Warnings);

    /// <summary>The same data, of whose training examples there are more than these.</summary>
    /// <param name="training">All of them.</param>
    /// <param name="skipped">How many of the table's rows were left out.</param>
    /// <param name="warnings">What there is to know besides.</param>
    internal PreparedData<T> Streamed(ExampleSource<T> training, long skipped, IEnumerable<string> warnings)
    {
        training.Widening = Train.Widening;
        return Copy(Train, Validation, Test, training, (int)Math.Min(int.MaxValue, skipped + SkippedRows), [.. warnings, .. Warnings]);
    }

    private PreparedData<T> Copy(Examples<T> train, Examples<T> validation, Examples<T>? test, ExampleSource<T>? streaming, int skipped, IReadOnlyList<string> warnings, (IReadOnlyList<int> Train, IReadOnlyList<int> Validation, IReadOnlyList<int> Test)? rows = null) => new(Features, Target)
    {
        Train = train,
        Streaming = streaming,
        Validation = validation,
        Test = test,
        TrainRows = rows?.Train ?? TrainRows,
        ValidationRows = rows?.Validation ?? ValidationRows,
        TestRows = rows?.Test ?? TestRows,
        SkippedRows = skipped,
        ValidatesAtRandom = ValidatesAtRandom,
        Warnings = warnings,
    };
}
