#:project ../src/MLNetHyper

// Saves a model, loads it where nothing knows of MLNetHyper, and serves single predictions.
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile<Building>("samples/data/energy.csv", separatorChar: ',', hasHeader: true);
ITransformer model = mlContext.Regression.Trainers.OnePassSgd("HeatingLoad").Fit(buildings);

string file = Path.Combine(Path.GetTempPath(), "energy-model.zip");
mlContext.Model.Save(model, buildings.Schema, file);
Console.WriteLine($"saved {new FileInfo(file).Length / 1024} kB");

// This is all that a service does; the packages only have to be beside it.
var service = new MLContext();
ITransformer loaded = service.Model.Load(file, out DataViewSchema schema);
Console.WriteLine($"a model of {schema.Count} columns");
using PredictionEngine<Building, Prediction> engine = service.Model.CreatePredictionEngine<Building, Prediction>(loaded);
var building = new Building { Features = [0.62f, 808.5f, 367.5f, 220.5f, 3.5f, 4, 0.25f, 5] };
Console.WriteLine($"heating load {engine.Predict(building).Score:F1}, truly 14.2");

const int Calls = 200_000;
var prediction = new Prediction();
long start = Stopwatch.GetTimestamp();
for (int i = 0; i < Calls; i++)
    engine.Predict(building, ref prediction);
Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls:F2} microseconds a prediction");
File.Delete(file);

sealed class Building
{
    [LoadColumn(0, 7), VectorType(8)]
    public float[] Features { get; set; } = [];

    [LoadColumn(8)]
    public float HeatingLoad { get; set; }
}

sealed class Prediction
{
    public float Score { get; set; }
}
