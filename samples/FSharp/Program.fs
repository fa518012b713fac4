// The trainers from F#: they extend the same catalogs as in C#, and options are set where the trainer is made.
open System
open Microsoft.ML
open Microsoft.ML.Data
open MLNetHyper

[<CLIMutable>]
type Building =
    { [<LoadColumn(0, 7); VectorType(8)>]
      Features: float32[]
      [<LoadColumn(8)>]
      HeatingLoad: float32 }

[<CLIMutable>]
type Prediction = { Score: float32 }

// F# does not turn a number into the Nullable that this parameter takes.
let mlContext = MLContext(Nullable 0)
let buildings = mlContext.Data.LoadFromTextFile<Building>("samples/data/energy.csv", separatorChar = ',', hasHeader = true)
let split = mlContext.Data.TrainTestSplit(buildings, testFraction = 0.1)

let model = mlContext.Regression.Trainers.OnePassSgd(labelColumnName = "HeatingLoad").Fit(split.TrainSet)

let metrics = mlContext.Regression.Evaluate(model.Transform split.TestSet, "HeatingLoad")
printfn $"RMSE {metrics.RootMeanSquaredError:F3} kWh/m2, R2 {metrics.RSquared:F4} on rows that training never saw"
let training = model.Model.Training
let learningRate = training.BestHyperparameters["lr"]
printfn $"{training.Status} after {training.Steps} steps with a learning rate of {learningRate:F4}"

let engine = mlContext.Model.CreatePredictionEngine<Building, Prediction>(model)
let building = { Features = [| 0.62f; 808.5f; 367.5f; 220.5f; 3.5f; 4.0f; 0.25f; 5.0f |]; HeatingLoad = 0.0f }
printfn $"predicts a heating load of {engine.Predict(building).Score:F1}; the data say 14.2"
