using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Tests.Bridge;

namespace MLNetHyper.Tests.Catalog;

/// <summary>Single predictions, and the importance of features as ML.NET measures it.</summary>
[TestClass]
public sealed class ExplainingTests
{
    private static readonly MLContext _ml = new(1);

    private static readonly IDataView _data = SampleRow.Load(_ml, 120);

    [TestMethod]
    public void A_prediction_engine_gives_what_the_transformer_gives()
    {
        BinaryPredictionTransformer<NetworkBinaryModelParameters> model = _ml.BinaryClassification.Trainers.OnePassSgd("Truth").Fit(_data);
        using PredictionEngine<SampleRow, Prediction> engine = _ml.Model.CreatePredictionEngine<SampleRow, Prediction>(model, ignoreMissingColumns: true);
        float[] expected = [.. model.Transform(_data).GetColumn<float>("Probability")];
        CollectionAssert.AreEqual(expected, SampleRow.Rows(120).Select(r => engine.Predict(r).Probability).ToArray());
    }

    [TestMethod]
    public void Importance_of_features_for_regression_typed_and_untyped()
    {
        var regression = _ml.Regression.Trainers.OnePassSgd("Number").Fit(_data);
        double[] typed = [.. _ml.Regression.PermutationFeatureImportance(regression, _data, "Number").Select(m => m.RootMeanSquaredError.Mean)];
        var byName = _ml.Regression.PermutationFeatureImportance((ITransformer)regression, _data, "Number");
        Assert.HasCount(2, typed);
        CollectionAssert.AreEquivalent(new[] { "a", "b" }, byName.Keys.ToArray());
        Assert.IsTrue(typed.All(change => change > 0) && byName.Values.All(m => m.RootMeanSquaredError.Mean > 0));
    }

    [TestMethod]
    public void Importance_of_features_for_two_classes_typed_and_untyped()
    {
        var binary = _ml.BinaryClassification.Trainers.OnePassSgd("Truth").Fit(_data);
        Assert.HasCount(2, _ml.BinaryClassification.PermutationFeatureImportance(binary, _data, "Truth"));
        Assert.HasCount(2, _ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated((ITransformer)binary, _data, "Truth"));
    }

    [TestMethod]
    public void Importance_of_features_for_several_classes_typed_and_untyped()
    {
        var multiclass = _ml.MulticlassClassification.Trainers.OnePassSgd("Kind").Fit(_data);
        Assert.HasCount(2, _ml.MulticlassClassification.PermutationFeatureImportance(multiclass, _data, "Kind"));
        Assert.HasCount(2, _ml.MulticlassClassification.PermutationFeatureImportance((ITransformer)multiclass, _data, "Kind"));
    }

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
