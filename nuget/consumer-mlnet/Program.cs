using MLNetHyper.Engine;
using Microsoft.ML;
using Microsoft.ML.Data;

// The pack verb compares this output with what it expects; change both together.
var mlContext = new MLContext(seed: 0);
IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => (i / 150f) - 1).Select(x => new Row { Features = [x], Label = x * x }));
var model = mlContext.Regression.Trainers.OnePassSgd().Fit(data);
double r2 = mlContext.Regression.Evaluate(model.Transform(data)).RSquared;

using var file = new MemoryStream();
mlContext.Model.Save(model, data.Schema, file);
file.Position = 0;
ITransformer loaded = new MLContext().Model.Load(file, out _);
Console.WriteLine($"diverged: {model.Model.Training.Status == TrainingStatus.Diverged}, learned: {r2 > 0.9}, scores the same when loaded: {Scores(model).SequenceEqual(Scores(loaded))}");

IEnumerable<float> Scores(ITransformer scoring) => scoring.Transform(data).GetColumn<float>("Score");

internal sealed class Row
{
    [VectorType(1)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}
