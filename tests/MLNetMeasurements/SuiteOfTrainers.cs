using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using MLNetHyper.Engine;
using MLNetHyper.Search;

namespace MLNetHyper.Measurements;

/// <summary>One pass and ML.NET's tree trainers with their defaults on every table of a folder, on the same divisions and on one core. Trees learn from training and validation rows together.</summary>
internal static class SuiteOfTrainers
{
    private static readonly SuiteContestant[] _trees =
    [
        new("lightgbm", (data, seed) => Predict(data, seed, new LightGbm(EarlyStopping: false))),
        new("lightgbm-early", (data, seed) => Predict(data, seed, new LightGbm(EarlyStopping: true))),
        new("fasttree", (data, seed) => Predict(data, seed, new FastTree())),
    ];

    internal static int Write(string[] arguments)
    {
        string folder = arguments[0];
        string[] names = arguments.Length > 2 ? arguments[2].Split(',') : ["one-pass", "untuned", .. _trees.Select(t => t.Name)];
        SuiteContestant[] known = [.. SuiteContestant.All, .. _trees];
        (string, Table)[] tables = [.. Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal).Select(file => (Path.GetFileNameWithoutExtension(file), CsvTable.Load(file)))];
        var options = new SuiteOptions { Contestants = [.. names.Select(name => known.Single(c => c.Name == name))], Divisions = arguments.Length > 1 ? int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) : 5 };
        SuiteResult result = Suite.Run(tables, options, new Lines());
        Console.Write(arguments.Contains("--json") ? result.ToJson() : result.ToMarkdown($"dotnet run --project tests/MLNetMeasurements -c Release -- suite {string.Join(' ', arguments)}"));
        return 0;
    }

    private static double[] Predict(PreparedData<float> data, int seed, Trees trees)
    {
        var context = new MLContext(seed);
        int classes = 1 + (int)new[] { data.Train, data.Validation, data.Test! }.Max(part => part.Targets.Max());
        IDataView training = View(context, data.Train), validation = View(context, data.Validation), test = View(context, data.Test!);
        IDataView all = View(context, data.Train, data.Validation);
        if (data.Task == LearningTask.Regression)
            return Column<float>(trees.Regression(context, all, training, validation).Transform(test), "Score", score => [score]);
        if (data.Task == LearningTask.Binary)
            return Column<float>(trees.Binary(context, all, training, validation).Transform(test), "Probability", p => [1 - p, p]);
        IEstimator<ITransformer> keys = context.Transforms.Conversion.MapValueToKey("Key", "Class", keyData: context.Data.LoadFromEnumerable(Enumerable.Range(0, classes).Select(c => new ClassName { Class = c })));
        ITransformer mapping = keys.Fit(all);
        IDataView scored = trees.Multiclass(context, mapping.Transform(all), mapping.Transform(training), mapping.Transform(validation)).Transform(mapping.Transform(test));
        return Column<VBuffer<float>>(scored, "Score", Normalized);
    }

    // One-versus-all scores need not sum to 1.
    private static double[] Normalized(VBuffer<float> scores)
    {
        double[] values = [.. scores.DenseValues().Select(v => Math.Max((double)v, 1e-15))];
        double sum = values.Sum();
        return Array.ConvertAll(values, v => v / sum);
    }

    private static double[] Column<T>(IDataView scored, string name, Func<T, double[]> convert)
    {
        List<double> values = [];
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[name]]);
        ValueGetter<T> get = cursor.GetGetter<T>(scored.Schema[name]);
        T value = default!;
        while (cursor.MoveNext())
        {
            get(ref value);
            values.AddRange(convert(value));
        }
        return [.. values];
    }

    private static IDataView View(MLContext context, params Examples<float>[] parts)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, parts[0].FeatureCount);
        IEnumerable<Row> rows = parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => new Row
        {
            Features = part.Features.AsSpan(i * part.FeatureCount, part.FeatureCount).ToArray(),
            Label = part.Targets[i],
            IsPositive = part.Targets[i] > 0.5f,
            Class = (int)part.Targets[i],
        }));
        return context.Data.Cache(context.Data.LoadFromEnumerable(rows.ToArray(), schema));
    }

    private sealed class Lines : IProgress<SuiteEntry>
    {
        public void Report(SuiteEntry value) => Console.Error.WriteLine($"{value.Table} {value.Division} {value.Contestant} {value.TestError:G4} {value.Seconds:F2} s");
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsPositive { get; set; }

        public int Class { get; set; }
    }

    private sealed class ClassName
    {
        public int Class { get; set; }
    }

    /// <summary>A tree trainer for the three tasks, on one thread.</summary>
    private abstract record Trees
    {
        internal abstract ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation);

        internal abstract ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation);

        internal abstract ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation);
    }

    private sealed record LightGbm(bool EarlyStopping) : Trees
    {
        // With early stopping there may be as many trees as it takes.
        private int Iterations => EarlyStopping ? 2000 : 100;

        private int Rounds => EarlyStopping ? 50 : 0;

        internal override ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }

        internal override ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { LabelColumnName = "IsPositive", NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }

        internal override ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation)
        {
            var trainer = context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1, NumberOfIterations = Iterations, EarlyStoppingRound = Rounds });
            return EarlyStopping ? trainer.Fit(training, validation) : trainer.Fit(all);
        }
    }

    private sealed record FastTree : Trees
    {
        internal override ITransformer Regression(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1 }).Fit(all);

        internal override ITransformer Binary(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = "IsPositive", NumberOfThreads = 1 }).Fit(all);

        internal override ITransformer Multiclass(MLContext context, IDataView all, IDataView training, IDataView validation) =>
            context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1 }), "Key").Fit(all);
    }
}
