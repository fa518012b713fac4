using System.CommandLine;
using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary>The options that say which data to train on and how to divide them.</summary>
internal sealed class DataFlags
{
    private const string Balanced = "balanced";

    private readonly FilesOption _data = Flags.Inputs("--data", $"{DataFile.Kinds} file; the label is one of its columns. Several of the same columns, or a pattern such as 'part-*.csv', are one table. - reads standard input.", required: true, mayBeStandardStream: true);
    private readonly Option<string?> _label = Flags.Text("--label", "COLUMN", "The column to predict.", required: true);
    private readonly Option<LearningTask?> _task = Flags.Of<LearningTask?>("--task", "regression|binary|multiclass", "What is predicted. Default: inferred from the label (numbers: regression; two different values: binary; texts or few integers: multiclass).",
        text => Flags.Choice<LearningTask?>(text, ("regression", LearningTask.Regression), ("binary", LearningTask.Binary), ("multiclass", LearningTask.Multiclass)));
    private readonly FilesOption _testData = Flags.Inputs("--test-data", $"{DataFile.Kinds} file or files with the test rows, in place of --test-fraction. Default: none.");
    private readonly Option<double?> _testFraction = Fraction("--test-fraction", $"Share of the rows that are only tested, drawn at random; 0 for none. Default: {Invariant(DataOptions.DefaultTestFraction)}.", includesZero: true);
    private readonly Option<double?> _validationFraction = Fraction("--validation-fraction", $"Share of the rows from which the hyperparameters learn, drawn at random. Default: {Invariant(DataOptions.DefaultValidationFraction)}.", includesZero: false);
    private readonly Option<RowCounts?> _splitRows = Flags.Of<RowCounts?>("--split-rows", "TRAIN,VALIDATION,TEST", "Numbers of rows that train, validate and test, in file order, in place of the fractions. Default: at random, by the fractions.", Counts);
    private readonly Option<string[]?> _drop = Flags.Of<string[]?>("--drop", "COLUMNS", "Columns that are not features, such as names and row numbers, separated by commas. Put a name that contains a comma in double quotation marks; a column without a name is column 1, column 2, …. Default: none.", Flags.Names);
    private readonly Option<string?> _weight = Flags.Text("--weight", "COLUMN", "A column with each row's weight, 0 or more. Default: equal weights.");
    private readonly Option<string?> _classWeights = Flags.Of<string?>("--class-weights", "none|balanced", "How much the rows of each class count in the losses: balanced gives all classes the same weight, so that a rare one is not neglected; probabilities are then those of a world where all classes are equally frequent. Default: none.",
        text => Flags.Choice<string?>(text, ("none", null), (Balanced, Balanced)));
    private readonly ReadingFlags _reading = new();
    private readonly Option<string[]?> _numeric = Flags.Of<string[]?>("--numeric", "COLUMNS", "Columns that must hold numbers: a text in one is an error instead of a category. Default: none.", Flags.Names);
    private readonly Option<string[]?> _dates = Flags.Of<string[]?>("--dates", "COLUMNS", "Columns of dates and times, which become year, month, day, weekday and hour as numbers: 2024-06-01, 1.6.2024, 6/1/2024 (month first, unless some value rules that out), 1 Jun 2024 and the like, with or without a time. Default: none.", Flags.Names);
    private readonly Option<string[]?> _text = Flags.Of<string[]?>("--text", "COLUMNS", "Columns of categories or classes, even if they look like numbers: postcodes and other codes, sizes. Default: none.", Flags.Names);
    private readonly Option<string[]?> _keepNa = Flags.Of<string[]?>("--keep-na", "COLUMNS", "Columns of categories or classes in which NA, null and other words for a missing value are names like any other; only empty cells are missing. Default: none.", Flags.Names);
    private readonly Option<int?> _maxCategories = Flags.Of("--max-categories", "N", $"Up to how many different texts of a column get a feature each. If there are more and they recur, they share --category-buckets features. Default: {FeatureEncoder.DefaultMaximumCategories}.", text => Flags.Integer(text, 1));
    private readonly Option<int?> _categoryBuckets = Flags.Of("--category-buckets", "N", $"How many features the texts of a column share if it has more than --max-categories; they are dealt out by frequency. 0 refuses such a column. Default: {DataOptions.DefaultCategoryBuckets}.", text => Flags.Integer(text, 0, DataOptions.MostCategoryBuckets));
    private readonly Option<string[]?> _bucket = Flags.Of<string[]?>("--bucket", "COLUMNS", "Text columns whose texts share --category-buckets features even if they hardly recur, like names and sentences. Default: none.", Flags.Names);

    private readonly Option<long?> _memoryLimit = Flags.MemoryLimit("Training reads a larger one from a temporary file, with statistics from a random sample.");

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _data, _label, _task, _testData, _testFraction, _validationFraction, _splitRows, _drop, _weight, _classWeights }.Concat(_reading.Options).Concat([_numeric, _dates, _text, _keepNa, _maxCategories, _categoryBuckets, _bucket]))
            command.Options.Add(option);
    }

    /// <summary>For commands that need not have all rows in memory.</summary>
    internal void AddMemoryLimitTo(Command command) => command.Options.Add(_memoryLimit);

    /// <summary>Reads the files that the command line names.</summary>
    /// <param name="session">Reads them.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">Of the division.</param>
    /// <param name="crossValidates">Whether folds test, so that no other rows do.</param>
    internal (Table Table, DataOptions Options) Load(Session session, ParseResult parsed, int seed, bool crossValidates = false)
    {
        string[]? testData = CheckedTestData(parsed, crossValidates);
        CsvOptions csv = Csv(parsed);
        Table table = session.Read(parsed.GetValue(_data)!, csv);
        return (table, Options(parsed, seed, crossValidates, testData is null ? null : DataFile.Load(testData, LikeTraining(table, parsed.Given(_drop) ?? [], csv))));
    }

    /// <summary>Reads the files, or prepares what does not fit in memory.</summary>
    /// <param name="session">Reads them.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="training">How it is trained on.</param>
    /// <param name="crossValidates">Whether folds test.</param>
    internal TrainingTable Open(Session session, ParseResult parsed, OnePassOptions training, bool crossValidates)
    {
        string[] data = parsed.GetValue(_data)!;
        string[]? testData = CheckedTestData(parsed, crossValidates);
        DataOptions options = Options(parsed, training.Seed, crossValidates, test: null);
        TableSource? source = Session.IsInput(data) ? null : DataFile.Open(data, Csv(parsed));
        if (source?.MemoryNeeded > options.Memory)
        {
            if (crossValidates)
                throw new UsageException($"--cross-validate needs the whole table in memory, but '{source.Name}' does not fit in the {ByteText.Of(options.Memory)} that it may take. Leave it out, or allow more with --memory-limit.");
            options = options with { TestTable = testData is null ? null : DataFile.Load(testData, Csv(parsed)) };
            StreamedTable streamed = OnePass.Stream(source, options, training, session.Cancellation);
            return new(streamed.Sample, options, streamed.Prepared, streamed, null);
        }
        (Table table, DataOptions loaded) = Load(session, parsed, training.Seed, crossValidates);
        PreparedData<float> prepared = DataPreparation.Prepare<float>(table, loaded);
        if (training.Divide != WorkerDivision.Rows)
            return new(table, loaded, prepared, null, source?.MemoryNeeded);
        prepared = OnePass.Ready(prepared, training);
        // The other workers' rows go; what a report tells of columns it tells of these.
        int[] kept = [.. prepared.TrainRows.Concat(prepared.ValidationRows).Concat(loaded.TestTable is null ? prepared.TestRows : []).Order()];
        return new(table.Select(kept), loaded, prepared.OnRows(kept, testsElsewhere: loaded.TestTable is not null), null, null);
    }

    private string[]? CheckedTestData(ParseResult parsed, bool crossValidates)
    {
        RowCounts? counts = parsed.GetValue(_splitRows);
        string[]? testData = parsed.Given(_testData);
        if (crossValidates && (counts is not null || testData is not null || parsed.GetValue(_testFraction) is not null))
            throw new UsageException("with --cross-validate every row tests once; leave out --test-fraction, --test-data and --split-rows.");
        CheckDivision(parsed, counts, testData);
        return testData;
    }

    private CsvOptions Csv(ParseResult parsed) => _reading.Read(parsed, new CsvOptions { NumericColumns = parsed.Given(_numeric) ?? [], TextColumns = [.. parsed.Given(_text) ?? [], .. parsed.Given(_dates) ?? []], KeepMissingWords = parsed.Given(_keepNa) ?? [] });

    private DataOptions Options(ParseResult parsed, int seed, bool crossValidates, Table? test)
    {
        RowCounts? counts = parsed.GetValue(_splitRows);
        return new DataOptions
        {
            LabelColumn = parsed.GetValue(_label)!,
            Task = parsed.GetValue(_task),
            IgnoredColumns = parsed.Given(_drop) ?? [],
            DateColumns = parsed.Given(_dates) ?? [],
            WeightColumn = parsed.GetValue(_weight),
            BalanceClasses = parsed.GetValue(_classWeights) == Balanced,
            ValidationFraction = parsed.GetValue(_validationFraction) ?? DataOptions.DefaultValidationFraction,
            TestFraction = crossValidates ? 0 : parsed.GetValue(_testFraction) ?? DataOptions.DefaultTestFraction,
            RowOrder = counts,
            TestTable = test,
            MaximumCategories = parsed.GetValue(_maxCategories) ?? FeatureEncoder.DefaultMaximumCategories,
            CategoryBuckets = parsed.GetValue(_categoryBuckets) ?? DataOptions.DefaultCategoryBuckets,
            BucketColumns = parsed.Given(_bucket) ?? [],
            MemoryLimit = parsed.GetValue(_memoryLimit),
            Seed = seed,
        };
    }

    /// <summary>The files that the command line names.</summary>
    internal IEnumerable<string> Files(ParseResult parsed) => [.. parsed.GetValue(_data)!, .. parsed.Given(_testData) ?? []];

    private void CheckDivision(ParseResult parsed, RowCounts? counts, string[]? testData)
    {
        double? validation = parsed.GetValue(_validationFraction), test = parsed.GetValue(_testFraction);
        if (counts is not null && (validation is not null || test is not null))
            throw new UsageException("--split-rows says how many rows validate and test; leave out the fractions.");
        if (testData is not null && (test is not null || counts is { Test: > 0 }))
            throw new UsageException("with --test-data no row of --data tests; leave out --test-fraction, or give --split-rows 0 test rows.");
    }

    /// <summary>A code that is a number everywhere in the test file but a text in the training file must be read as text.</summary>
    private static CsvOptions LikeTraining(Table table, string[] drop, CsvOptions csv)
    {
        TableColumn[] used = [.. table.Columns.Where(column => !drop.Contains(column.Name) && !csv.KeepMissingWords.Contains(column.Name))];
        return csv with
        {
            NumericColumns = [.. used.Where(column => column.IsNumeric).Select(column => column.Name)],
            TextColumns = [.. used.Where(column => !column.IsNumeric).Select(column => column.Name)],
        };
    }

    private static Option<double?> Fraction(string name, string description, bool includesZero) => Flags.Of(name, "SHARE", description, text =>
        includesZero ? Flags.Number(text, x => x is >= 0 and < 1, "from 0 to below 1") : Flags.Number(text, x => x is > 0 and < 1, "above 0 and below 1"));

    private static RowCounts? Counts(string text)
    {
        string[] parts = text.Split(',');
        int[] counts = [.. parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int count) ? count : -1)];
        return counts is [>= 2, >= 1, >= 0]
            ? new RowCounts(counts[0], counts[1], counts[2])
            : throw new UsageException($"must be three numbers of rows such as 614,78,76 (at least 2 train and 1 validates), but is '{text}'.");
    }

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);
}
