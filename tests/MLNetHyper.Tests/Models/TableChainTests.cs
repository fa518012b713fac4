using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;
using MLNetHyper.Tests.Onnx;

namespace MLNetHyper.Tests.Models;

/// <summary>A table's model predicts the same as a chain of ML.NET's transforms, also when <c>Model.Load</c> has read it.</summary>
[TestClass]
public sealed class TableChainTests
{
    [TestMethod]
    [DataRow(LearningTask.Regression, false)]
    [DataRow(LearningTask.Binary, false)]
    [DataRow(LearningTask.Multiclass, false)]
    [DataRow(LearningTask.Regression, true)]
    public void Loaded_it_predicts_what_the_model_does(LearningTask task, bool inBuckets)
    {
        OnePassModel model = TableModels.Train(task, inBuckets: inBuckets);
        Table table = TableModels.New(task);
        Predictions expected = model.Predict(table);
        using TemporaryFile file = new(), saved = new();
        model.Save(saved.Path);
        var context = new MLContext(seed: 1);
        context.Model.Save(context.LoadOnePass(saved.Path, out DataViewSchema schema), schema, file.Path);
        Assert.AreEqual("year gap town flag", string.Join(' ', schema.Select(column => column.Name)));

        var fresh = new MLContext(seed: 2);
        ITransformer loaded = fresh.Model.Load(file.Path, out DataViewSchema inputs);
        Assert.AreEqual("year gap town flag", string.Join(' ', inputs.Select(column => column.Name)));
        IDataView scored = loaded.Transform(fresh.Data.LoadFromEnumerable(Enumerable.Range(0, table.RowCount).Select(row => new Row(
            (float)table["year"].Numbers[row], (float)table["gap"].Numbers[row], table["town"].Texts[row] ?? "", table["flag"].Texts[row]!))));
        switch (task)
        {
            case LearningTask.Regression:
                float[] values = [.. scored.GetColumn<float>("Score")];
                for (int row = 0; row < values.Length; row++)
                    Assert.AreEqual(expected.Values[row], values[row], 2e-4 * Math.Max(1, Math.Abs(expected.Values[row])), $"row {row}");
                break;
            case LearningTask.Binary:
                float[] probabilities = [.. scored.GetColumn<float>("Probability")];
                for (int row = 0; row < probabilities.Length; row++)
                    Assert.AreEqual(expected.Probability(row, 1), probabilities[row], 1e-4, $"row {row}");
                CollectionAssert.AreEqual(Enumerable.Range(0, expected.Rows).Select(row => expected.Class(row) == "yes").ToArray(), scored.GetColumn<bool>("PredictedLabel").ToArray());
                break;
            default:
                float[][] all = [.. scored.GetColumn<float[]>("Score")];
                for (int i = 0; i < expected.Probabilities.Count; i++)
                    Assert.AreEqual(expected.Probabilities[i], all[i / 3][i % 3], 1e-4, $"row {i / 3}");
                CollectionAssert.AreEqual(Enumerable.Range(0, expected.Rows).Select(expected.Class).ToArray(), scored.GetColumn<string>("PredictedLabel").ToArray());
                break;
        }
    }

    [TestMethod]
    public void Dates_are_their_numbers()
    {
        OnePassModel model = DateModels.Train();
        var context = new MLContext(seed: 1);
        ITransformer chain = context.FromOnePass(model, out DataViewSchema schema);
        CollectionAssert.AreEquivalent(DateModels.Numbers.Keys.ToArray(), schema.Select(column => column.Name).ToArray());

        using TemporaryFile rows = new();
        File.WriteAllLines(rows.Path, Enumerable.Range(0, DateModels.Table.RowCount).Select(row => string.Join(',', schema.Select(column => DateModels.Numbers[column.Name][row].ToString("R", CultureInfo.InvariantCulture)))));
        IDataView scored = chain.Transform(context.Data.LoadFromTextFile(rows.Path, [.. schema.Select((column, i) => new TextLoader.Column(column.Name, DataKind.Single, i))], separatorChar: ','));
        Predictions expected = model.Predict(DateModels.Table);
        float[] values = [.. scored.GetColumn<float>("Score")];
        Assert.HasCount(expected.Rows, values);
        for (int row = 0; row < values.Length; row++)
            Assert.AreEqual(expected.Values[row], values[row], 1e-3, $"row {row}");
    }

    private sealed class Row(float year, float gap, string town, string flag)
    {
        [ColumnName("year")]
        public float Year { get; } = year;

        [ColumnName("gap")]
        public float Gap { get; } = gap;

        [ColumnName("town")]
        public string Town { get; } = town;

        [ColumnName("flag")]
        public string Flag { get; } = flag;
    }
}
