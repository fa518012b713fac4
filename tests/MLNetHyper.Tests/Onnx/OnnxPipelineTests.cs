using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNetHyper.Tests.Onnx;

/// <summary>What ONNX Runtime makes of exported pipelines is what ML.NET itself makes of the rows, whoever wrote the trainer.</summary>
[TestClass]
public sealed class OnnxPipelineTests
{
    private static readonly MLContext _ml = new(1);

    private static readonly IDataView _data = Rows();

    /// <summary>Everything that may stand between the columns and the trainer.</summary>
    private static readonly Dictionary<string, IEstimator<ITransformer>> _features = new()
    {
        ["plain"] = _ml.Transforms.Concatenate("Features", "Width", "Several"),
        ["scalar"] = _ml.Transforms.NormalizeMinMax("Scaled", "Width").Append(_ml.Transforms.Concatenate("Features", "Scaled", "Several")),
        ["min-max"] = _ml.Transforms.Concatenate("Features", "Width", "Several").Append(_ml.Transforms.NormalizeMinMax("Features")),
        ["mean-variance"] = _ml.Transforms.Concatenate("Features", "Width", "Several")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)),
        ["norm"] = _ml.Transforms.Concatenate("Features", "Width", "Several").Append(_ml.Transforms.NormalizeLpNorm("Features")),
        ["one-hot"] = _ml.Transforms.Categorical.OneHotEncoding("Colors", "Color")
            .Append(_ml.Transforms.Concatenate("Features", "Width", "Colors")),
        ["missing"] = _ml.Transforms.ReplaceMissingValues("Full", "Holes", MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(_ml.Transforms.ReplaceMissingValues("Zeros", "Hole"))
            .Append(_ml.Transforms.Concatenate("Features", "Full", "Zeros")),
        ["converted"] = _ml.Transforms.Conversion.ConvertType("Age", "Years").Append(_ml.Transforms.Conversion.ConvertType("Is", "Truth"))
            .Append(_ml.Transforms.Concatenate("Features", "Age", "Is", "Width")),
    };

    private static readonly Dictionary<string, (IEstimator<ITransformer> Trainer, string[] Outputs)> _trainers = new()
    {
        ["Sdca"] = (_ml.Regression.Trainers.Sdca("Number", maximumNumberOfIterations: 10), ["Score"]),
        ["Poisson"] = (_ml.Regression.Trainers.LbfgsPoissonRegression("Number"), ["Score"]),
        ["SdcaLogistic"] = (_ml.BinaryClassification.Trainers.SdcaLogisticRegression("Truth", maximumNumberOfIterations: 10), ["Score", "Probability", "PredictedLabel"]),
        ["SdcaNonCalibrated"] = (_ml.BinaryClassification.Trainers.SdcaNonCalibrated("Truth", maximumNumberOfIterations: 10), ["Score", "PredictedLabel"]),
        ["LbfgsLogistic"] = (_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Truth"), ["Score", "Probability", "PredictedLabel"]),
        ["SdcaMaximumEntropy"] = (Classes(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Key", maximumNumberOfIterations: 10)), ["Score", "PredictedLabel"]),
        ["OnePassSgd"] = (_ml.Regression.Trainers.OnePassSgd("Number", steps: 200), ["Score"]),
        ["OnePassSgdDeepTanh"] = (_ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", Steps = 200, HiddenLayers = [7, 5], Activation = Engine.Activation.Tanh }), ["Score"]),
        ["OnePassSgdGelu"] = (_ml.BinaryClassification.Trainers.OnePassSgd(new OnePassSgdBinaryTrainer.Options { LabelColumnName = "Truth", Steps = 200, Activation = Engine.Activation.Gelu }), ["Score", "Probability", "PredictedLabel"]),
        ["OnePassSgdLogistic"] = (_ml.BinaryClassification.Trainers.OnePassSgd("Truth", hiddenLayers: [], steps: 200), ["Score", "Probability", "PredictedLabel"]),
        ["OnePassSgdClasses"] = (Classes(_ml.MulticlassClassification.Trainers.OnePassSgd("Key", steps: 200)), ["Score", "PredictedLabel"]),
        ["OneVersusAll"] = (Classes(_ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.OnePassSgd("Key", steps: 100), "Key")), ["Score", "PredictedLabel"]),
        ["LbfgsMaximumEntropy"] = (Classes(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key")), ["Score", "PredictedLabel"]),
    };

    public static IEnumerable<object[]> Pipelines
        => from trainer in _trainers.Keys from features in _features.Keys select new object[] { trainer, features };

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void Every_column_is_that_of_Transform(string trainer, string features)
    {
        TransformerChain<ITransformer> model = _features[features].Append(_trainers[trainer].Trainer).Fit(_data);
        Agreement.Check(_ml, model, _data, _trainers[trainer].Outputs);
    }

    [TestMethod]
    public void Features_that_are_large_beside_their_deviation_keep_their_digits()
    {
        IDataView years = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Dated { Features = [1_600_000_000 + (1024 * (i % 40)), 2000 + (i % 3), float.NaN], Number = (i % 40) - (5 * (i % 3)) }));
        IDataView full = _ml.Transforms.ReplaceMissingValues("Features").Fit(years).Transform(years);
        var model = _ml.Regression.Trainers.OnePassSgd("Number", steps: 1000).Fit(full);
        Assert.IsLessThan(1, _ml.Regression.Evaluate(model.Transform(full), "Number").RootMeanSquaredError);
        Assert.IsTrue(Column.Read(model.Transform(years), "Score").Values.Cast<float>().All(float.IsFinite), "what is missing counts as the mean");
        Agreement.Check(_ml, model, years, "Score");
    }

    private static EstimatorChain<KeyToValueMappingTransformer> Classes(IEstimator<ITransformer> trainer)
        => new EstimatorChain<ITransformer>().Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Class"))
            .Append(trainer).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private static IDataView Rows()
    {
        var random = new Random(1);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => Row(random, i)).ToArray());
    }

    private static Row Row(Random random, int i)
    {
        float a = random.NextSingle(), b = random.NextSingle(), c = random.NextSingle();
        return new()
        {
            Width = a,
            Several = [b, (10 * c) - 3],
            Hole = i % 5 == 0 ? float.NaN : a,
            Holes = [i % 7 == 0 ? float.NaN : b, c, i % 11 == 0 ? float.NaN : 4 * a],
            Color = a > 0.6f ? "red" : b > 0.5f ? "green" : "blue",
            Years = (int)(90 * a),
            Number = 1 + (2 * a) + b,
            Truth = a + (0.1f * c) > b,
            Class = a > 0.6f ? "large" : b > 0.6f ? "middle" : "small",
        };
    }
}

internal sealed class Dated
{
    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public float Number { get; set; }
}

internal sealed class Row
{
    public float Width { get; set; }

    [VectorType(2)]
    public float[] Several { get; set; } = [];

    public float Hole { get; set; }

    [VectorType(3)]
    public float[] Holes { get; set; } = [];

    public string Color { get; set; } = "";

    public int Years { get; set; }

    public float Number { get; set; }

    public bool Truth { get; set; }

    public string Class { get; set; } = "";
}
