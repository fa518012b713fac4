using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Exported models score rows of any kind as ML.NET does: a single one, sparse ones, unusual values, labels that are keys.</summary>
[TestClass]
public sealed class OnnxRowTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    private static string[] Outputs(TaskCase task) => task.Name switch
    {
        "regression" => ["Score"],
        "binary" => ["Score", "Probability", "PredictedLabel"],
        _ => ["Score", "PredictedLabel"],
    };

    /// <summary>Without a pipeline around it, so that of several classes the label is a key, in the rows and in what is predicted.</summary>
    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_model_alone_scores_one_row_as_it_scores_many(TaskCase task)
    {
        ITransformer model = task.Fit();
        Agreement.Check(_ml, model, TaskCase.Data, Outputs(task));
        Agreement.Check(_ml, model, _ml.Data.TakeRows(TaskCase.Data, 1), Outputs(task));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Batches_of_different_sizes_follow_each_other(TaskCase task)
    {
        ITransformer model = task.Fit();
        using var exported = new ExportedModel(_ml, model, TaskCase.Data);
        foreach (int rows in (int[])[7, 1, 64, 1])
        {
            IDataView some = _ml.Data.TakeRows(TaskCase.Data, rows);
            Agreement.Check(Column.Read(model.Transform(some), "Score"), exported.Score(some, "Score"), $"{rows} rows");
        }
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Missing_huge_and_tiny_values_score_as_in_ML_NET(TaskCase task)
    {
        ITransformer model = task.Fit();
        float[] values = [float.NaN, 0, -0f, 1e9f, -1e9f, 1e-40f, float.MaxValue / 1e9f];
        IDataView rows = Labeled([.. from a in values from b in values select new TaskCase.Example { Features = [a, b], Name = "red" }]);
        Agreement.Check(_ml, model, rows, Outputs(task));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Sparse_features_score_as_in_ML_NET(TaskCase task)
    {
        var random = new Random(2);
        IDataView rows = Labeled([.. Enumerable.Range(0, 300).Select(i => Sparse(random, i))]);
        ITransformer model = task.OnePassSgd(_ml).Fit(rows);
        Assert.IsFalse(rows.GetColumn<VBuffer<float>>("Features").First().IsDense, "the rows are sparse");
        Agreement.Check(_ml, model, rows, Outputs(task));
    }

    private static IDataView Labeled<T>(T[] rows) where T : class
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Kind", "Name").Fit(data).Transform(data);
    }

    private static SparseExample Sparse(Random random, int row)
    {
        int slot = random.Next(20);
        float value = random.NextSingle();
        return new() { Features = new(20, 1, [value], [slot]), Number = value + slot, Truth = slot > 9, Name = slot > 12 ? "red" : row % 9 == 0 ? "green" : "blue" };
    }

    private sealed class SparseExample
    {
        [VectorType(20)]
        public VBuffer<float> Features { get; set; }

        public float Number { get; set; }

        public bool Truth { get; set; }

        public string Name { get; set; } = "";
    }
}
