using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper;

// Usage: WithoutNatives train cuda|auto HIDDEN-UNITS   trains and prints what the log says, and how it ended
//        WithoutNatives score MODEL                    scores the rows and prints the scores' bits, and which assemblies of torch were loaded
var context = new MLContext(seed: 1);
SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
IDataView rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 500).Select(i => new Row { Features = [i / 500f, i % 7 / 7f], Label = i / 500f }), schema);
if (args[0] == "score")
{
    IDataView scored = context.Model.Load(args[1], out _).Transform(rows);
    Console.WriteLine(string.Join(' ', scored.GetColumn<float>("Score").Take(20).Select(BitConverter.SingleToInt32Bits)));
    Console.WriteLine("Loaded:" + string.Concat(AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name!).Where(n => n.Contains("Torch", StringComparison.Ordinal)).Select(n => " " + n)));
    return;
}
context.Log += (_, e) =>
{
    if (e.Source.Contains("Training", StringComparison.Ordinal) && (e.Kind == ChannelMessageKind.Warning || e.Message.Contains("device", StringComparison.Ordinal)))
        Console.WriteLine($"{e.Kind}: {e.RawMessage}");
};
var options = new OnePassSgdRegressionTrainer.Options
{
    Steps = 2,
    HiddenLayers = [int.Parse(args[2]), int.Parse(args[2])],
    Device = args[1] == "cuda" ? Device.Cuda() : Device.Auto,
};
try
{
    Console.WriteLine(context.Regression.Trainers.OnePassSgd(options).Fit(rows).Model.Training.Status);
}
catch (Exception e)
{
    Console.WriteLine($"{e.GetType()}: {e.Message}");
}

internal sealed class Row
{
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}
