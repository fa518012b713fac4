#:project ../src/MLNetHyper.AutoML
#:property PublishAot=false

// AutoML chooses between ML.NET's trainers and OnePassSgd. For the network it has shapes, activations and batches to choose from;
// learning rate and weight decay tune themselves in every trial.
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using MLNetHyper;

var mlContext = new MLContext(seed: 0);
IDataView arm = mlContext.Data.LoadFromTextFile(
    "samples/data/kin8nm.csv", [new("Features", DataKind.Single, 0, 7), new("Distance", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(mlContext.Data.TakeRows(arm, 3000), testFraction: 0.2);
DataOperationsCatalog.TrainTestData inner = mlContext.Data.TrainTestSplit(split.TrainSet, testFraction: 0.2);

// LightGBM is left out, since its native library is a package of its own.
SweepablePipeline candidates = mlContext.Auto().RegressionWithOnePassSgd(
    "Distance",
    others: mlContext.Auto().Regression("Distance", useLgbm: false),
    options: network => network.Steps = 2000);
AutoMLExperiment experiment = mlContext.Auto().CreateExperiment()
    .SetPipeline(candidates)
    .SetRegressionMetric(RegressionMetric.RootMeanSquaredError, "Distance")
    .SetDataset(inner.TrainSet, inner.TestSet)
    .SetMaxModelToExplore(8);
TrialResult best = await experiment.RunAsync();

RegressionMetrics metrics = mlContext.Regression.Evaluate(best.Model.Transform(split.TestSet), "Distance");
Console.WriteLine($"RMSE {best.Metric:F3} where AutoML validated, {metrics.RootMeanSquaredError:F3} on rows that it never saw");
ITransformer chosen = ((TransformerChain<ITransformer>)best.Model).LastTransformer;
Console.WriteLine(chosen is ISingleFeaturePredictionTransformer<NetworkRegressionModelParameters> network
    ? $"AutoML chose the network: hidden layers of {string.Join(", ", network.Model.Network.Architecture.Hidden)} units"
    : $"AutoML chose another trainer: {chosen.GetType().Name}");

// A notebook shows it as a picture: (chosen as ISingleFeaturePredictionTransformer<NetworkRegressionModelParameters>)?.Model.Training

/* Expected output:
RMSE 0.076 where AutoML validated, 0.082 on rows that it never saw
AutoML chose the network: hidden layers of 50 units
*/
