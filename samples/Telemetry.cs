#:project ../src/MLNetHyper
#:property PublishAot=false

// Watches a training from outside, through the meter that OpenTelemetry and dotnet-counters also read.
using System.Diagnostics.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

Dictionary<string, double> latest = [];
using MeterListener listener = new()
{
    InstrumentPublished = (instrument, self) =>
    {
        if (instrument.Meter.Name == TrainingTelemetry.Name)
            self.EnableMeasurementEvents(instrument);
    },
};
listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => latest[instrument.Name + (tags.Length > 0 ? $" {tags[0].Value}" : "")] = value);
listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => latest[instrument.Name] = latest.GetValueOrDefault(instrument.Name) + value);
listener.Start();

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var model = mlContext.Regression.Trainers.OnePassSgd(labelColumnName: "HeatingLoad").Fit(buildings);

foreach ((string name, double value) in latest.OrderBy(pair => pair.Key, StringComparer.Ordinal))
    Console.WriteLine($"{name,-32} {value:G4}");

// A notebook shows it as a picture: model.Model.Training

/* Expected output:
mlnethyper.hyperparameter beta1  0.9
mlnethyper.hyperparameter beta2  0.95
mlnethyper.hyperparameter lr     5.116E-06
mlnethyper.hyperparameter wd     0.0001435
mlnethyper.steps                 1500
mlnethyper.training.loss         5.75E-05
mlnethyper.validation.loss       0.001162
*/
