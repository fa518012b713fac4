using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace MLNetHyper.Tests.Training;

/// <summary>A DataFrame is an IDataView.</summary>
[TestClass]
public sealed class DataFrameTests
{
    [TestMethod]
    public void A_DataFrame_trains_as_rows_do()
    {
        MLContext ml = TaskCase.Context;
        float[] x = [.. Enumerable.Range(0, 200).Select(i => (float)(i % 17))], y = Array.ConvertAll(x, value => value * value);
        var frame = new DataFrame(new SingleDataFrameColumn("x", x), new SingleDataFrameColumn("Label", y));
        var pipeline = ml.Transforms.Concatenate("Features", "x").Append(ml.Regression.Trainers.OnePassSgd(steps: 100));
        float[] Scores(IDataView rows) => [.. ml.Data.CreateEnumerable<Scored>(pipeline.Fit(rows).Transform(rows), reuseRowObject: false).Select(row => row.Score)];
        CollectionAssert.AreEqual(Scores(ml.Data.LoadFromEnumerable(x.Zip(y, (a, b) => new Row { X = a, Label = b }))), Scores(frame));
    }

    private sealed class Row
    {
        [Microsoft.ML.Data.ColumnName("x")]
        public float X { get; set; }

        public float Label { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
