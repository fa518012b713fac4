#:project ../src/MLNetHyper
#:property PublishAot=false

// Sorts buildings into efficiency classes by their shape, with keys, one-hot columns and predicted labels as everywhere in ML.NET.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 0);
IDataView buildings = mlContext.Data.LoadFromTextFile<Building>("samples/data/energy.csv", separatorChar: ',', hasHeader: true);
IDataView data = mlContext.Data.Cache(mlContext.Transforms
    .CustomMapping<Building, Certificate>((building, certificate) => certificate.Class = building.HeatingLoad < 15 ? "A" : building.HeatingLoad < 30 ? "B" : "C", contractName: null)
    .Fit(buildings).Transform(buildings));
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Class")
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("OrientationCode", "Orientation"))
    .Append(mlContext.Transforms.Concatenate("Features", "Shape", "OrientationCode", "Glazing"))
    .Append(mlContext.MulticlassClassification.Trainers.OnePassSgd(steps: 3000))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));
var model = pipeline.Fit(split.TrainSet);

IDataView scored = model.Transform(split.TestSet);
MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(scored);
Console.WriteLine($"accuracy {metrics.MicroAccuracy:F3}, log-loss {metrics.LogLoss:F3}");
foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(5))
    Console.WriteLine($"class {prediction.Class}, predicted {prediction.Predicted} with probability {prediction.Score.Max():F2}");

// A notebook shows it as a picture: model.OfType<ISingleFeaturePredictionTransformer<MLNetHyper.NetworkMulticlassModelParameters>>().Single().Model.Training

sealed class Building
{
    [LoadColumn(0, 4), VectorType(5)]
    public float[] Shape { get; set; } = [];

    [LoadColumn(5)]
    public float Orientation { get; set; }

    [LoadColumn(6, 7), VectorType(2)]
    public float[] Glazing { get; set; } = [];

    [LoadColumn(8)]
    public float HeatingLoad { get; set; }
}

sealed class Certificate
{
    public string Class { get; set; } = "";
}

sealed class Prediction
{
    public string Class { get; set; } = "";

    public string Predicted { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/* Expected output:
accuracy 0.988, log-loss 0.021
class A, predicted A with probability 1.00
class C, predicted C with probability 1.00
class A, predicted A with probability 1.00
class A, predicted A with probability 1.00
class C, predicted C with probability 1.00
*/
