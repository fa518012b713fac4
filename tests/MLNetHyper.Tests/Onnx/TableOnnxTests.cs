using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Onnx;

/// <summary>What ONNX Runtime makes of a table by <see cref="OnePassModel.SaveOnnx"/> is what the model predicts.</summary>
[TestClass]
public sealed class TableOnnxTests
{
    [TestMethod]
    [DataRow(LearningTask.Regression)]
    [DataRow(LearningTask.Binary)]
    [DataRow(LearningTask.Multiclass)]
    public void Predictions_are_the_models(LearningTask task) => Check(task, new() { Steps = 150, HiddenLayers = [6] });

    [TestMethod]
    [DataRow(LearningTask.Regression)]
    [DataRow(LearningTask.Multiclass)]
    public void Texts_that_share_features(LearningTask task) => Check(task, new() { Steps = 150, HiddenLayers = [6] }, inBuckets: true);

    [TestMethod]
    public void Whatever_the_network()
    {
        Check(LearningTask.Regression, new() { Steps = 100, HiddenLayers = [], Members = 1, Bins = 0 });
        Check(LearningTask.Binary, new() { Steps = 100, HiddenLayers = [5, 4], Activation = Activation.Gelu, Members = 3 });
        Check(LearningTask.Multiclass, new() { Steps = 100, HiddenLayers = [5], Activation = Activation.Tanh, Members = 2, Bins = 6 });
    }

    [TestMethod]
    public void An_input_never_has_an_outputs_name()
    {
        Table table = TableModels.Table(LearningTask.Regression);
        Table renamed = new(new TableColumn("prediction", table["year"].Numbers.ToArray()), table["y"]);
        using TemporaryFile file = new();
        OnePass.Train(renamed, new DataOptions { LabelColumn = "y" }, new() { Steps = 20, HiddenLayers = [] }).Model.SaveOnnx(file.Path);
        using var session = new InferenceSession(file.Path);
        Assert.AreEqual("prediction1", session.InputNames.Single());
        Assert.AreEqual("prediction", session.OutputNames.Single());
    }

    [TestMethod]
    public void Dates_are_their_numbers()
    {
        OnePassModel model = DateModels.Train();
        using TemporaryFile file = new();
        model.SaveOnnx(file.Path);
        using var session = new InferenceSession(file.Path);
        // The dates come first, so that the column that is called like one of their numbers has a number behind it.
        Dictionary<string, string> numbers = DateModels.Numbers.Keys.ToDictionary(name => name == "sold year" ? "sold year1" : name == "sold year 1" ? "sold year" : name);
        CollectionAssert.AreEquivalent(numbers.Keys.ToArray(), session.InputNames.ToArray());
        NamedOnnxValue[] inputs = [.. session.InputNames.Select(name => Input(new(name, DateModels.Numbers[numbers[name]])))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        float[] values = [.. results.Single().AsTensor<float>()];
        Predictions expected = model.Predict(DateModels.Table);
        Assert.HasCount(expected.Rows, values);
        for (int row = 0; row < values.Length; row++)
            Assert.AreEqual(expected.Values[row], values[row], 2e-4 * Math.Max(1, Math.Abs(expected.Values[row])), $"row {row}");
    }

    private static void Check(LearningTask task, OnePassOptions options, bool inBuckets = false)
    {
        OnePassModel model = TableModels.Train(task, options, inBuckets);
        Table rows = TableModels.New(task);
        Predictions expected = model.Predict(rows);
        using TemporaryFile file = new();
        model.SaveOnnx(file.Path);
        using var session = new InferenceSession(file.Path);
        NamedOnnxValue[] inputs = [.. session.InputNames.Select(name => Input(rows[name]))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        if (task == LearningTask.Regression)
        {
            float[] values = [.. results.Single(r => r.Name == "prediction").AsTensor<float>()];
            Assert.HasCount(TableModels.Rows, values);
            for (int row = 0; row < values.Length; row++)
                Assert.AreEqual(expected.Values[row], values[row], 2e-4 * Math.Max(1, Math.Abs(expected.Values[row])));
            return;
        }
        float[] probabilities = [.. results.Single(r => r.Name == "probabilities").AsTensor<float>()];
        string[] classes = [.. results.Single(r => r.Name == "prediction").AsTensor<string>()];
        Assert.HasCount(expected.Probabilities.Count, probabilities);
        for (int i = 0; i < probabilities.Length; i++)
            Assert.AreEqual(expected.Probabilities[i], probabilities[i], 1e-4);
        CollectionAssert.AreEqual(Enumerable.Range(0, expected.Rows).Select(expected.Class).ToArray(), classes);
    }

    private static NamedOnnxValue Input(TableColumn column) => column.IsNumeric
        ? NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<double>(column.Numbers.ToArray(), [column.Count, 1]))
        : NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<string>(Array.ConvertAll(column.Texts.ToArray(), text => text ?? ""), [column.Count, 1]));
}
