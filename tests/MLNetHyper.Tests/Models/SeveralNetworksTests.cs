using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Engine;
using MLNetHyper.Engine.Tests;
using MLNetHyper.Tests.Onnx;

namespace MLNetHyper.Tests.Models;

/// <summary>Models of several networks, and every transform of inputs, as ML.NET scores, saves and exports them.</summary>
[TestClass]
public sealed class SeveralNetworksTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    private static readonly IDataView _rows = _ml.Data.LoadFromEnumerable(
        InputTransformCases.Examples.Select(row => new Row { Features = row }).ToArray());

    public static IEnumerable<object[]> TasksAndCounts => from task in Enum.GetValues<LearningTask>() from networks in new[] { 1, 2, 3 } select new object[] { task, networks };

    public static IEnumerable<object[]> Transforms => InputTransformCases.Rows;

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void Scores_are_those_of_the_engine_before_and_after_saving(LearningTask task, int networks)
    {
        NetworkModel network = InputTransformCases.Model(task, networks, InputTransformCases.All[0]);
        ITransformer model = Transformer(network), loaded = new MLContext().Model.Load(new MemoryStream(Save(model)), out _);
        ModelScorer scorer = network.CreateScorer();
        foreach (ITransformer each in new[] { model, loaded })
        {
            IDataView scored = each.Transform(_rows);
            float[][] scores = task == LearningTask.Multiclass ? [.. scored.GetColumn<float[]>("Score")] : [.. scored.GetColumn<float>("Score").Select(score => new[] { score })];
            foreach ((float[] row, float[] actual) in InputTransformCases.Examples.Zip(scores))
            {
                double[] expected = scorer.Score(row, 1);
                if (task == LearningTask.Multiclass)
                    expected = [.. expected.Select(logit => Math.Exp(logit) / expected.Sum(Math.Exp))];
                for (int c = 0; c < expected.Length; c++)
                    Assert.AreEqual((float)expected[c], actual[c], task == LearningTask.Multiclass ? 1e-6 : 0);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void An_exported_model_scores_alike(LearningTask task, int networks) =>
        Agreement.Check(_ml, Transformer(InputTransformCases.Model(task, networks, InputTransformCases.All[0])), _rows, Outputs(task));

    [TestMethod]
    [DynamicData(nameof(Transforms))]
    public void Every_transform_is_exported(int index)
    {
        InputTransform transform = InputTransformCases.All[index];
        InputTransform[] inputs = transform is Standardization ? [transform] : [InputTransformCases.All[0], transform];
        Agreement.Check(_ml, Transformer(InputTransformCases.Model(LearningTask.Regression, 1, inputs)), _rows, "Score");
    }

    [TestMethod]
    public void A_widening_transform_is_exported_and_scored() =>
        Agreement.Check(_ml, Transformer(InputTransformCases.Model(LearningTask.Regression, 2, InputTransformCases.All[0], new FeatureSelection(5, 0, 2), new Powers(2))), _ml.Data.TakeRows(_rows, 1), "Score");

    [TestMethod]
    public void Training_goes_on_from_as_many_networks_and_from_no_other_number()
    {
        NetworkModel two = InputTransformCases.Model(LearningTask.Regression, 2, Standardization.Identity(2));
        NetworkModel GoOn(int members) => _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", HiddenLayers = [4], Activation = Activation.Tanh, Members = members, Steps = 1, InitialLearningRate = 1e-9 })
            .Fit(TaskCase.Data, null, new(_ml, new(two))).Model.Network;
        NetworkModel after = GoOn(2);
        for (int k = 0; k < 2; k++)
        {
            foreach ((float before, float now) in two.Weights[k].ToArray().Zip(after.Weights[k].ToArray()))
                Assert.AreEqual(before, now, 1e-6f);
        }
        Assert.Contains("The previous model is of 2 networks, but this trainer trains 4. Set Members as it was.", Assert.Throws<InvalidOperationException>(() => GoOn(4)).Message);
    }

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _rows.Schema, stream);
        return stream.ToArray();
    }

    private static string[] Outputs(LearningTask task) => task switch
    {
        LearningTask.Regression => ["Score"],
        LearningTask.Binary => ["Score", "Probability", "PredictedLabel"],
        _ => ["Score", "PredictedLabel"],
    };

    private static ITransformer Transformer(NetworkModel model)
    {
        IHostEnvironment environment = _ml;
        return model.Architecture.Loss switch
        {
            Loss.SquaredError => NetworkTask.Regression.Bridged.CreateTransformer(environment, new(environment, new(model)), _rows.Schema, "Features", "Label"),
            Loss.Logistic => NetworkTask.Binary.Bridged.CreateTransformer(environment, new(environment, new(model)), _rows.Schema, "Features", "Label"),
            _ => NetworkTask.Multiclass.Bridged.CreateTransformer(environment, new(environment, new(model)), _rows.Schema, "Features", "Label"),
        };
    }

    private sealed class Row
    {
        [VectorType(5)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; } = 1;
    }
}
