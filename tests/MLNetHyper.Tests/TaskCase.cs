using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests;

/// <summary>One of ML.NET's three tasks on made-up rows, with our trainers and ML.NET's own for it. Tests run over all of them.</summary>
public sealed record TaskCase(string Name, string Label)
{
    private static readonly Lazy<IDataView> _rows = new(() => MakeRows(400, seed: 1));

    public static IReadOnlyList<TaskCase> All { get; } = [new("regression", "Number"), new("binary", "Truth"), new("multiclass", "Kind")];

    /// <summary>For [DynamicData].</summary>
    public static IEnumerable<object[]> Rows => All.Select(task => new object[] { task });

    internal static MLContext Context { get; } = new(1);

    /// <summary>400 rows with Features [a, b], Number = a + ab, Truth = a + b > 0, Kind = one of three names as a key, Weight.</summary>
    internal static IDataView Data => _rows.Value;

    internal static IDataView MakeRows(int count, int seed)
    {
        var random = new Random(seed);
        Example[] rows = [.. Enumerable.Range(0, count).Select(i =>
        {
            float a = (2 * random.NextSingle()) - 1, b = (2 * random.NextSingle()) - 1;
            return new Example { Features = [a, b], Number = a + (a * b), Truth = a + b > 0, Name = a > 0.3 ? "red" : b > 0 ? "green" : "blue", Weight = 1 + (i % 3) };
        })];
        IDataView data = Context.Data.LoadFromEnumerable(rows);
        return Context.Data.Cache(Context.Transforms.Conversion.MapValueToKey("Kind", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data));
    }

    /// <summary>Our trainer, short enough for tests.</summary>
    internal IEstimator<ITransformer> OnePassSgd(MLContext context, Action<OnePassSgdOptions>? change = null) => Name switch
    {
        "regression" => context.Regression.Trainers.OnePassSgd(Set(new OnePassSgdRegressionTrainer.Options(), change)),
        "binary" => context.BinaryClassification.Trainers.OnePassSgd(Set(new OnePassSgdBinaryTrainer.Options(), change)),
        _ => context.MulticlassClassification.Trainers.OnePassSgd(Set(new OnePassSgdMulticlassTrainer.Options(), change)),
    };

    internal IEstimator<ITransformer> FixedSgd(MLContext context, Action<FixedSgdOptions>? change = null) => Name switch
    {
        "regression" => context.Regression.Trainers.FixedSgd(Set(new FixedSgdRegressionTrainer.Options(), change)),
        "binary" => context.BinaryClassification.Trainers.FixedSgd(Set(new FixedSgdBinaryTrainer.Options(), change)),
        _ => context.MulticlassClassification.Trainers.FixedSgd(Set(new FixedSgdMulticlassTrainer.Options(), change)),
    };

    /// <summary>ML.NET's own linear trainer for the task, to compare with.</summary>
    internal IEstimator<ITransformer> Sdca(MLContext context) => Name switch
    {
        "regression" => context.Regression.Trainers.Sdca(Label, l2Regularization: 0.1f),
        "binary" => context.BinaryClassification.Trainers.SdcaLogisticRegression(Label),
        _ => context.MulticlassClassification.Trainers.SdcaMaximumEntropy(Label),
    };

    internal ITransformer Fit(Action<OnePassSgdOptions>? change = null) => OnePassSgd(Context, change).Fit(Data);

    /// <summary>The error that the task's evaluator finds: RMSE or log-loss.</summary>
    internal double Error(IDataView scored) => Name switch
    {
        "regression" => Context.Regression.Evaluate(scored, Label).RootMeanSquaredError,
        "binary" => Context.BinaryClassification.Evaluate(scored, Label).LogLoss,
        _ => Context.MulticlassClassification.Evaluate(scored, Label).LogLoss,
    };

    /// <summary>All scores, row after row.</summary>
    internal float[] Scores(ITransformer model, IDataView? data = null)
    {
        IDataView scored = model.Transform(data ?? Data);
        return Name == "multiclass" ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)] : [.. scored.GetColumn<float>("Score")];
    }

    /// <summary>How the model came by its weights, whatever its task.</summary>
    internal static (NetworkModel Network, TrainingRecord Training) Inside(ITransformer model) => model switch
    {
        ISingleFeaturePredictionTransformer<INetworkModelParameters> network => (network.Model.Network, network.Model.Training),
        TransformerChain<ITransformer> chain => Inside(chain.LastTransformer),
        _ => throw new AssertFailedException($"{model.GetType()} has no model of ours."),
    };

    public override string ToString() => Name;

    /// <summary>The published method in place of the recipe: one network, full batches of features as they are, nothing that is averaged or annealed.</summary>
    internal static void Published(NetworkTrainerOptions options)
    {
        OnePassOptions published = OnePassOptions.Published;
        (options.Rule, options.HiddenLayers, options.Bins, options.Members, options.BatchSize) = (published.Rule, published.HiddenLayers, published.Bins, published.Members, published.BatchSize);
        (options.LearningRateSchedule, options.AveragingDecay) = (published.LearningRateSchedule, published.AveragingDecay);
        if (options is OnePassSgdOptions tuned)
            (tuned.Method, tuned.MetaOptimizer) = (published.Method, published.MetaOptimizer);
    }

    private TOptions Set<TOptions, TBase>(TOptions options, Action<TBase>? change) where TOptions : TBase where TBase : NetworkTrainerOptions
    {
        options.LabelColumnName = Label;
        options.Steps = 1000;
        options.NumberOfThreads = 1;
        change?.Invoke(options);
        return options;
    }

    public sealed class Example
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Truth { get; set; }

        public string Name { get; set; } = "";

        public float Weight { get; set; }
    }
}
