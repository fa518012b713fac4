using MLNetHyper.Engine;
using MLNetHyper.Experiments;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>A network, its rows, and how it trains.</summary>
internal sealed record MeasuredProblem(string Name, Architecture Architecture, Examples<float> Training, Examples<float> Validation, OnePassOptions Options)
{
    /// <summary>Where Fashion-MNIST is, if it is.</summary>
    internal static IEnumerable<MeasuredProblem> All(string? folder) =>
        [Table("kin8nm"), Table("power"), .. folder is null ? [] : new[] { Clothing(folder) }];

    internal static MeasuredProblem Of(string name, string? folder) => All(folder).First(problem => problem.Name == name);

    /// <summary>The same with other rows in a batch.</summary>
    internal MeasuredProblem WithBatches(int rows) => this with { Options = Options with { BatchSize = rows } };

    internal LoopResult<DenseVector<float>> Train(Workers workers, AveragingInterval interval, int seed = 0, Examples<float>? validation = null) =>
        OnePass.Train(Architecture, Training, validation ?? Validation, Options with { Workers = workers, AverageEvery = interval, Seed = seed });

    private static MeasuredProblem Table(string name)
    {
        PreparedData<float> data = DataPreparation.Prepare<float>(CsvTable.Load($"samples/data/{name}.csv"), new() { LabelColumn = "y" });
        return new(name, new(data.Train.FeatureCount, [64, 64], 1, Activation.Relu, Loss.SquaredError), data.Train, data.Validation, new() { Members = 1, Bins = 0, Steps = 2000, BatchSize = 128 });
    }

    private static MeasuredProblem Clothing(string folder)
    {
        ImageDataset images = FashionMnist.Load(folder);
        Standardization statistics = images.Train.PixelStatistics();
        Examples<float> training = images.Train.ToExamples(statistics), validation = images.Validation.ToExamples(statistics);
        return new("fashion-mnist", new(training.FeatureCount, [50], FashionMnist.Classes, Activation.Relu, Loss.SoftmaxCrossEntropy), training, validation, new() { Members = 1, Bins = 0, Steps = 1000, BatchSize = 256, Initial = new Dictionary<string, double> { ["lr"] = 0.001 } });
    }
}
