using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.OutsideTests;

/// <summary>A stranger's ML.NET estimator: a model of its own, trained and tuned by the engine, with nothing but public members of either.</summary>
internal sealed class PoissonTrainer(MLContext context, string label, string features) : IEstimator<ITransformer>
{
    internal LoopResult<DenseVector<double>>? Result { get; private set; }

    public ITransformer Fit(IDataView input)
    {
        float[][] rows = [.. input.GetColumn<float[]>(features)];
        float[] counts = [.. input.GetColumn<float>(label)];
        var objective = new PoissonObjective(rows, counts);
        int training = counts.Length * 4 / 5;
        var rule = new SgdUpdate();
        var options = new LoopOptions
        {
            Rule = rule,
            Method = new AugmentedNeumann(),
            Hyperparameters = [.. rule.Hyperparameters.Select(h => h with { Tuned = true })],
            Steps = 2000,
        };
        var loop = new OnePassLoop<DenseVector<double>>(objective, new PoissonObjective.Rows(0, training), new PoissonObjective.Rows(training, counts.Length - training), options);
        Result = loop.Run();
        double[] weights = Result.Weights.Span.ToArray();
        var definition = SchemaDefinition.Create(typeof(Features));
        SchemaDefinition.Column column = definition[nameof(Features.Values)];
        (column.ColumnName, column.ColumnType) = (features, input.Schema[features].Type);
        return context.Transforms.CustomMapping<Features, Prediction>((row, prediction) => prediction.Score = (float)Math.Exp(PoissonObjective.LogMean(weights, row.Values.DenseValues().ToArray())), contractName: null, definition).Fit(input);
    }

    // A shape of our own cannot be made outside ML.NET; copying the label promises the same column.
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => context.Transforms.CopyColumns("Score", label).GetOutputSchema(inputSchema);

    private sealed class Features
    {
        public VBuffer<float> Values { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
