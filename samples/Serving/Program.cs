// Serves a model over HTTP: post a building and get its heating load.
//   dotnet run --project samples/Serving -c Release -- --urls http://localhost:5000
//   curl localhost:5000/predict -H 'Content-Type: application/json' -d '{"features": [0.62, 808.5, 367.5, 220.5, 3.5, 4, 0.25, 5]}'
using Microsoft.Extensions.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string file = builder.Configuration["model"] ?? "artifacts/serving/energy.zip";
if (!File.Exists(file))
    Train(file);

// Every request borrows an engine; a newer model in the file's place is served without a restart.
builder.Services.AddPredictionEnginePool<Building, Prediction>().FromFile(file, watchForChanges: true);
WebApplication app = builder.Build();
app.MapPost("/predict", (Building building, PredictionEnginePool<Building, Prediction> pool) => building.Features is { Length: Building.FeatureCount }
    ? Results.Ok(pool.Predict(building))
    : Results.BadRequest($"A building has {Building.FeatureCount} features: {{\"features\": [0.62, 808.5, 367.5, 220.5, 3.5, 4, 0.25, 5]}}"));
app.Run();

// Usually this happens elsewhere: the service needs only the model's file, and MLNetHyper among its packages.
static void Train(string file)
{
    var mlContext = new MLContext(seed: 0);
    IDataView buildings = mlContext.Data.LoadFromTextFile<Building>("samples/data/energy.csv", separatorChar: ',', hasHeader: true);
    ITransformer model = mlContext.Regression.Trainers.OnePassSgd(nameof(Building.HeatingLoad)).Fit(buildings);
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
    mlContext.Model.Save(model, buildings.Schema, file);
}

internal sealed class Building
{
    internal const int FeatureCount = 8;

    [LoadColumn(0, FeatureCount - 1), VectorType(FeatureCount)]
    public float[] Features { get; set; } = [];

    [LoadColumn(FeatureCount)]
    public float HeatingLoad { get; set; }
}

internal sealed class Prediction
{
    [ColumnName("Score")]
    public float HeatingLoad { get; set; }
}
