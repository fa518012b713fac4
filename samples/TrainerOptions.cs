#:project ../src/MLNetHyper
#:property PublishAot=false

// Everything that can be set, most of it best left alone; then further training on newer rows.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
IDataView plant = mlContext.Data.LoadFromTextFile(
    "samples/data/power.csv", [new("Features", DataKind.Single, 0, 3), new("Output", DataKind.Single, 4)], separatorChar: ',', hasHeader: true);
IDataView older = mlContext.Data.TakeRows(plant, 6000), newer = mlContext.Data.SkipRows(plant, 6000);
DataOperationsCatalog.TrainTestData oldRows = mlContext.Data.TrainTestSplit(older), newRows = mlContext.Data.TrainTestSplit(newer);

// Ctrl-C ends training early and returns the best model so far.
var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
var options = new OnePassSgdRegressionTrainer.Options
{
    LabelColumnName = "Output",
    HiddenLayers = [64, 32],
    Activation = Activation.Tanh,
    BatchSize = 256,
    Epochs = 60,
    Patience = 500,
    TimeBudget = TimeSpan.FromMinutes(5),
    // A learning rate of your own: tuning would bring it close to the update rule's.
    InitialLearningRate = 0.02,
    TuneLearningRate = false,
    Method = new Neumann(lookBack: 7),
    MetaOptimizer = new AdamMetaOptimizer(metaLearningRate: 0.02),
    Progress = new EverySo(often: 500),
    CancellationToken = interrupted.Token,
    Seed = 7,
};
var trainer = mlContext.Regression.Trainers.OnePassSgd(options);

var model = trainer.Fit(oldRows.TrainSet, validationData: oldRows.TestSet);
Report(model.Model.Training);

// Continues from that model with newer rows: weights and hyperparameters start where they ended.
var continued = trainer.Fit(newRows.TrainSet, validationData: newRows.TestSet, previousModel: model.Model);
Report(continued.Model.Training);

static void Report(TrainingRecord training) =>
    Console.WriteLine($"{training.Status} after {training.Steps} steps on {training.TrainingRows} rows: validation RMSE {training.ValidationError:F2} MW, learning rate {training.BestHyperparameters["lr"]:G3}");

sealed class EverySo(long often) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Step % often == 0)
            Console.WriteLine($"  step {value.Step}: validation loss {value.ValidationLoss:G3}");
    }
}

// A notebook shows it as a picture: continued.Model.Training

/* Expected output:
  step 500: validation loss 0.0388
  step 1000: validation loss 0.0347
Completed after 1320 steps on 5467 rows: validation RMSE 3.08 MW, learning rate 0.00345
  step 500: validation loss 0.039
StoppedEarly after 650 steps on 3235 rows: validation RMSE 3.22 MW, learning rate 0.00112
*/
