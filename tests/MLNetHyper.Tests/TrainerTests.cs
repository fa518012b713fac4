using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests;

/// <summary>What ML.NET does with its own trainers works with ours.</summary>
[TestClass]
public sealed class TrainerTests
{
    private static readonly MLContext _ml = new(1);

    private static readonly IDataView _data = Rows();

    public static IEnumerable<object[]> Tasks => [["regression"], ["binary"], ["multiclass"]];

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Output_columns_and_annotations_are_those_of_Sdca(string task)
    {
        string[] ours = Describe(Fit(task).Transform(_data).Schema), theirs = Describe(FitSdca(task).Transform(_data).Schema);
        CollectionAssert.AreEqual(theirs, ours);
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void A_saved_model_scores_the_same_bits(string task)
    {
        ITransformer model = Fit(task);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        CollectionAssert.AreEqual(Scores(model, task), Scores(loaded, task));
    }

    [TestMethod]
    public void Every_task_learns()
    {
        Assert.IsLessThan(0.2, _ml.Regression.Evaluate(Fit("regression").Transform(_data), "Number").RootMeanSquaredError);
        Assert.IsGreaterThan(0.95, _ml.BinaryClassification.Evaluate(Fit("binary").Transform(_data), "Truth").Accuracy);
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(Fit("multiclass").Transform(_data), "Kind").MicroAccuracy);
    }

    private static ITransformer Fit(string task) => task switch
    {
        "regression" => _ml.Regression.Trainers.OnePassSgd("Number").Fit(_data),
        "binary" => _ml.BinaryClassification.Trainers.OnePassSgd("Truth").Fit(_data),
        _ => _ml.MulticlassClassification.Trainers.OnePassSgd("Kind").Fit(_data),
    };

    private static ITransformer FitSdca(string task) => task switch
    {
        "regression" => _ml.Regression.Trainers.Sdca("Number", l2Regularization: 0.1f).Fit(_data),
        "binary" => _ml.BinaryClassification.Trainers.SdcaLogisticRegression("Truth").Fit(_data),
        _ => _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Kind").Fit(_data),
    };

    private static float[] Scores(ITransformer model, string task)
    {
        IDataView scored = model.Transform(_data);
        return task == "multiclass" ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)] : [.. scored.GetColumn<float>("Score")];
    }

    private static string[] Describe(DataViewSchema schema) =>
        [.. schema.Skip(_data.Schema.Count).Select(c => $"{c.Name} {c.Type}: {string.Join(", ", c.Annotations.Schema.Select(a => $"{a.Name} {a.Type}").Order(StringComparer.Ordinal))}")];

    private static IDataView Rows()
    {
        var random = new Random(1);
        Row[] rows = [.. Enumerable.Range(0, 400).Select(_ =>
        {
            float a = (2 * random.NextSingle()) - 1, b = (2 * random.NextSingle()) - 1;
            return new Row { Features = [a, b], Number = a + (a * b), Truth = a + b > 0, Name = a > 0.3 ? "red" : b > 0 ? "green" : "blue" };
        })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Data.Cache(_ml.Transforms.Conversion.MapValueToKey("Kind", "Name").Fit(data).Transform(data));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Truth { get; set; }

        public string Name { get; set; } = "";
    }
}
