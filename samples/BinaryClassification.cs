#:project ../src/MLNetHyper
#:property PublishAot=false

// Does a ship's compressor need maintenance? It does where its decay coefficient has fallen below 0.975: about half of the rows.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView measurements = mlContext.Data.LoadFromTextFile<Measurement>("samples/data/naval.csv", separatorChar: ',', hasHeader: true);
IDataView data = mlContext.Data.Cache(mlContext.Transforms
    .CustomMapping<Measurement, Maintenance>((measured, needed) => needed.Label = measured.Decay < 0.975f, contractName: null)
    .Fit(measurements).Transform(measurements));

// Three folds, each with its own validation rows out of its training rows.
var trainer = mlContext.BinaryClassification.Trainers.OnePassSgd(steps: 3000);
foreach (var fold in mlContext.BinaryClassification.CrossValidate(data, trainer, numberOfFolds: 3))
    Console.WriteLine($"fold {fold.Fold}: accuracy {fold.Metrics.Accuracy:F4}, AUC {fold.Metrics.AreaUnderRocCurve:F4}, log-loss {fold.Metrics.LogLoss:F4} bits");

// A notebook shows it as a picture: trainer.Fit(data).Model.Training

sealed class Measurement
{
    [LoadColumn(0, 15), VectorType(16)]
    public float[] Features { get; set; } = [];

    [LoadColumn(16)]
    public float Decay { get; set; }
}

sealed class Maintenance
{
    public bool Label { get; set; }
}

/* Expected output:
fold 0: accuracy 0.9774, AUC 0.9983, log-loss 0.0909 bits
fold 1: accuracy 0.9863, AUC 0.9993, log-loss 0.0605 bits
fold 2: accuracy 0.9830, AUC 0.9988, log-loss 0.0778 bits
*/
