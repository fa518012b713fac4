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
var trainer = mlContext.BinaryClassification.Trainers.OnePassSgd(steps: 1500);
foreach (var fold in mlContext.BinaryClassification.CrossValidate(data, trainer, numberOfFolds: 3))
    Console.WriteLine($"fold {fold.Fold}: accuracy {fold.Metrics.Accuracy:F4}, AUC {fold.Metrics.AreaUnderRocCurve:F4}, log-loss {fold.Metrics.LogLoss:F4} bits");

// What the model relies on: how much the AUC falls when a measurement is shuffled. CalculateFeatureContribution, which is for linear models and trees, has no counterpart for networks.
var model = trainer.Fit(data);
var importance = mlContext.BinaryClassification.PermutationFeatureImportance(model, data, permutationCount: 1);
foreach (int i in Enumerable.Range(0, importance.Length).OrderBy(i => importance[i].AreaUnderRocCurve.Mean).Take(3))
    Console.WriteLine($"shuffling measurement {i + 1,2} changes the AUC by {importance[i].AreaUnderRocCurve.Mean:F2}");

// A notebook shows it as a picture: model.Model.Training

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
fold 0: accuracy 0.9500, AUC 0.9928, log-loss 0.1709 bits
fold 1: accuracy 0.9716, AUC 0.9978, log-loss 0.1019 bits
fold 2: accuracy 0.9601, AUC 0.9948, log-loss 0.1444 bits
shuffling measurement 10 changes the AUC by -0.44
shuffling measurement 13 changes the AUC by -0.41
shuffling measurement  5 changes the AUC by -0.40
*/
