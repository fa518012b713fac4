using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Measurements;

/// <summary>What ML.NET's clothes cost: the same data, split and seed through ML.NET and through the engine alone.</summary>
internal static class BesideTheEngine
{
    private const int Turns = 5;

    internal static void Write(string[] sets)
    {
        Console.WriteLine($"<!-- dotnet run --project tests/MLNetMeasurements -c Release -- engine {string.Join(' ', sets)} -->");
        Console.WriteLine("| Data | validation RMSE, ML.NET | engine | fit s, ML.NET | engine | ratio | rows scored a second, OnePassSgd | Sdca | flops, times Sdca's | µs a prediction, OnePassSgd | Sdca |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        // Once without counting: what comes first would also pay for compiling.
        _ = Row(DataSet.Load(sets[0]));
        foreach (string name in sets)
            Console.WriteLine(Row(DataSet.Load(name)));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Defaults, seed 0, one thread, the same rows and the same division; data in memory, reading included in both times. Times are the least of {Turns}, taken in turns. A prediction: PredictionEngine, one row."));
    }

    private static string Row(DataSet set)
    {
        var context = new MLContext(0);
        IDataView data = set.View(context, set.Rows);
        var table = new Table([.. Enumerable.Range(0, set.FeatureCount).Select(k => new TableColumn($"x{k}", [.. set.Rows.Select(r => (double)r.Features[k])])), new TableColumn("y", [.. set.Rows.Select(r => (double)r.Label)])]);
        var options = new OnePassSgdRegressionTrainer.Options { NumberOfThreads = 1 };
        double throughMlNet = double.PositiveInfinity, alone = double.PositiveInfinity;
        ITransformer? ours = null;
        OnePassResult? engine = null;
        for (int turn = 0; turn < Turns; turn++)
        {
            throughMlNet = Math.Min(throughMlNet, Seconds(() => ours = context.Regression.Trainers.OnePassSgd(options).Fit(data)));
            alone = Math.Min(alone, Seconds(() => engine = OnePass.Train(table, new DataOptions { LabelColumn = "y", TestFraction = 0, Task = LearningTask.Regression })));
        }
        NetworkModel network = ((ISingleFeaturePredictionTransformer<NetworkRegressionModelParameters>)ours!).Model.Network;
        double validation = ((ISingleFeaturePredictionTransformer<NetworkRegressionModelParameters>)ours!).Model.Training.ValidationError;
        ITransformer sdca = context.Regression.Trainers.Sdca().Fit(data);
        double scoring = double.PositiveInfinity, sdcaScoring = double.PositiveInfinity, single = double.PositiveInfinity, sdcaSingle = double.PositiveInfinity;
        for (int turn = 0; turn < Turns; turn++)
        {
            scoring = Math.Min(scoring, Seconds(() => Score(ours!, data)));
            sdcaScoring = Math.Min(sdcaScoring, Seconds(() => Score(sdca, data)));
            single = Math.Min(single, Single(context, ours!, set));
            sdcaSingle = Math.Min(sdcaSingle, Single(context, sdca, set));
        }
        double flops = network.Weights[0].Length / (double)(set.FeatureCount + 1), rows = set.Rows.Length;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {set.Name} | {validation:G6} | {engine!.Validation.Rmse:G6} | {throughMlNet:F3} | {alone:F3} | {throughMlNet / alone:F2} | {rows / scoring:N0} | {rows / sdcaScoring:N0} | {flops:F0} | {single * 1e6:F2} | {sdcaSingle * 1e6:F2} |");
    }

    private static double Seconds(Action action)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Score(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<float> get = cursor.GetGetter<float>(scored.Schema["Score"]);
        float score = 0;
        while (cursor.MoveNext())
            get(ref score);
    }

    private static double Single(MLContext context, ITransformer model, DataSet set)
    {
        var schema = SchemaDefinition.Create(typeof(DataSet.Row));
        schema[nameof(DataSet.Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, set.FeatureCount);
        using PredictionEngine<DataSet.Row, Prediction> predictor = context.Model.CreatePredictionEngine<DataSet.Row, Prediction>(model, inputSchemaDefinition: schema);
        var prediction = new Prediction();
        return Seconds(() =>
        {
            for (int i = 0; i < 100_000; i++)
                predictor.Predict(set.Rows[i % set.Rows.Length], ref prediction);
        }) / 100_000;
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
