using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class TargetEncoderTests
{
    private static Table Labels(params double[] labels) => new(new TableColumn("y", labels));

    private static Table Labels(params string?[] labels) => new(new TableColumn("y", labels));

    private static void AreEqual(double[] actual, params double[] expected) => CollectionAssert.AreEqual(expected, actual);

    [TestMethod]
    public void Numbers_are_standardized_and_back()
    {
        TargetEncoder encoder = TargetEncoder.Fit(Labels(10, 20, 30, double.NaN), "y", LearningTask.Regression);
        AreEqual(encoder.Encode<double>(Labels(10, 40)), -1, 2);
        Assert.AreEqual(40.0, encoder.DecodeValue(2));
        Assert.AreEqual(1, encoder.OutputCount);
        Assert.IsEmpty(encoder.ClassNames);
        Assert.IsTrue(double.IsFinite(TargetEncoder.Fit(Labels(-1e308, 1e308), "y", LearningTask.Regression).DecodeValue(1e9)));
    }

    [TestMethod]
    public void The_later_of_two_classes_is_positive()
    {
        TargetEncoder texts = TargetEncoder.Fit(Labels("yes", "no"), "y", LearningTask.Binary);
        AreEqual(texts.Encode<double>(Labels("no", "yes")), 0, 1);
        Assert.AreEqual("yes", texts.PositiveClass);
        TargetEncoder numbers = TargetEncoder.Fit(Labels(10, 9), "y", LearningTask.Binary);
        Assert.AreEqual("10", numbers.PositiveClass);
        Assert.AreEqual(1, numbers.OutputCount);
    }

    [TestMethod]
    public void Classes_are_ordered_as_texts_or_as_numbers()
    {
        Assert.AreEqual("10 2 B a", string.Join(' ', TargetEncoder.Fit(Labels("a", "B", "10", "2"), "y", LearningTask.Multiclass).ClassNames));
        TargetEncoder numbers = TargetEncoder.Fit(Labels(10, 2, -1, 0, -0.0), "y", LearningTask.Multiclass);
        Assert.AreEqual("-1 0 2 10", string.Join(' ', numbers.ClassNames));
        AreEqual(numbers.Encode<double>(Labels(10, -0.0, 0)), 3, 1, 1);
        Assert.AreEqual(4, numbers.OutputCount);
        Assert.AreEqual("10", numbers.DecodeClass(3));
        Assert.IsNull(numbers.PositiveClass);
    }

    [TestMethod]
    public void Labels_that_cannot_be_learned()
    {
        Fails(() => TargetEncoder.Fit(Labels(7, 7), "y", LearningTask.Regression), "column 'y': the label is 7 in every row, so there is nothing to learn.");
        Fails(() => TargetEncoder.Fit(Labels("a", "a"), "y", LearningTask.Multiclass), "there is only one class, 'a'", "add rows of other classes");
        Fails(() => TargetEncoder.Fit(Labels(1, 2, 3), "y", LearningTask.Binary), "binary classification needs two classes, but there are 3 ('1', '2', '3'). Choose multiclass");
        Fails(() => TargetEncoder.Fit(Labels("1", "2", "many"), "y", LearningTask.Regression), "row 3, column 'y': 'many' is not a number");
        Fails(() => TargetEncoder.Fit(Labels(double.NaN), "y", LearningTask.Regression), "all labels are missing");
        Fails(() => TargetEncoder.Fit(Labels(1, double.NegativeInfinity), "y", LearningTask.Regression), "row 2, column 'y': '-Infinity' is infinite");
        Fails(() => TargetEncoder.Fit(Labels(1, 2), "z", LearningTask.Regression), "there is no column 'z'. The columns are 'y'.");
        Fails(() => TargetEncoder.Fit(Labels([.. Enumerable.Range(0, 1001).Select(i => $"n{i}")]), "y", LearningTask.Multiclass), "there are 1001 classes, more than 1000");
    }

    [TestMethod]
    public void Labels_that_cannot_be_encoded()
    {
        TargetEncoder encoder = TargetEncoder.Fit(Labels("a", "b"), "y", LearningTask.Binary);
        Assert.AreEqual(2, Fails(() => encoder.Encode<float>(Labels("a", "c")), "row 2, column 'y': the label 'c' is none of the 2 classes that training had ('a', 'b').").Line);
        Fails(() => encoder.Encode<float>(Labels("a", null)), "row 2, column 'y': the label is missing");
        TargetEncoder numbers = TargetEncoder.Fit(Labels(1, 2, 3), "y", LearningTask.Regression);
        Fails(() => numbers.Encode<float>(Labels("1", "x")), "row 2, column 'y': 'x' is not a number");
        Fails(() => numbers.Encode<float>(Labels(double.PositiveInfinity)), "row 1, column 'y': 'Infinity' is infinite");
    }

    [TestMethod]
    public void JSON_gives_the_same_encoder_again()
    {
        foreach (TargetEncoder encoder in new[] { TargetEncoder.Fit(Labels(0.1, 0.7), "y", LearningTask.Regression), TargetEncoder.Fit(Labels("a", "b"), "y", LearningTask.Binary), TargetEncoder.Fit(Labels(1, 2, 3), "y", LearningTask.Multiclass) })
        {
            TargetEncoder again = TargetEncoder.FromJson(encoder.ToJson());
            Assert.AreEqual(encoder.ToJson(), again.ToJson());
            Assert.AreEqual(encoder.Task, again.Task);
            Assert.AreEqual(encoder.DecodeValue(0.3), again.DecodeValue(0.3));
            CollectionAssert.AreEqual(encoder.ClassNames.ToArray(), again.ClassNames.ToArray());
        }
        Fails(() => TargetEncoder.FromJson("[]"), "this is not a target encoder, or it is damaged");
        Fails(() => TargetEncoder.FromJson(TargetEncoder.Fit(Labels("a", "b"), "y", LearningTask.Binary).ToJson().Replace("\"a\",", "", StringComparison.Ordinal)), "1 classes");
    }
}
