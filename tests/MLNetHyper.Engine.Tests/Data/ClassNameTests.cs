using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Classes are names: they are called as the file calls them, and none are merged but true and true.</summary>
[TestClass]
public sealed class ClassNameTests
{
    private static readonly DataOptions _y = new() { LabelColumn = "y" };

    private static string Csv(params string[] labels) => "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7919 % 101},{labels[i % labels.Length]}\n"));

    private static PreparedData<float> Prepare(string csv) => DataPreparation.Prepare<float>(Load(csv), _y);

    [TestMethod]
    [DataRow(new[] { "001", "002", "010" }, "001 002 010")]
    [DataRow(new[] { "1", "01", "2" }, "01 1 2")]
    [DataRow(new[] { "100000000000000001", "100000000000000002", "100000000000000003" }, "100000000000000001 100000000000000002 100000000000000003")]
    [DataRow(new[] { "1000000000000000", "2000000000000000" }, "1000000000000000 2000000000000000")]
    [DataRow(new[] { "1.0", "2.0", "10.0" }, "1.0 2.0 10.0")]
    [DataRow(new[] { "1e5", "2e5" }, "1e5 2e5")]
    [DataRow(new[] { "+1", "-1" }, "-1 +1")]
    [DataRow(new[] { "1", "1.0", "2" }, "1 2")]
    [DataRow(new[] { "10", "2", "1" }, "1 2 10")]
    [DataRow(new[] { "True", "False" }, "False True")]
    [DataRow(new[] { "true", "False", "TRUE", "True", "false" }, "false true")]
    [DataRow(new[] { "Yes", "yes", "no" }, "Yes no yes")]
    public void Classes_keep_their_names(string[] labels, string classes)
    {
        PreparedData<float> data = Prepare(Csv(labels));
        Assert.AreEqual(classes, string.Join(' ', data.Target.ClassNames));
        TargetEncoder again = TargetEncoder.FromJson(data.Target.ToJson());
        // A file to evaluate may have other labels, read without options.
        foreach (string label in labels)
            Assert.AreEqual(again.Encode<double>(Load(Csv(labels)))[Array.IndexOf(labels, label)], again.Encode<double>(Load($"x,y\n1,{label}\n"))[0]);
    }

    [TestMethod]
    public void Codes_that_are_classes_or_quantities_are_told_of()
    {
        Assert.IsTrue(Prepare(Csv("001", "002", "010")).Warnings.Any(w => w.Contains("label 'y' has 60 numbers with leading zeros or more than 15 digits, the first of them '001' in line 2: each of its 3 texts is a class.", StringComparison.Ordinal)));
        Assert.AreEqual(LearningTask.Regression, DataPreparation.InferTask(Load("x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i:000}\n"))), "y"));
        Assert.IsTrue(Prepare(Csv("1", "1.0", "2")).Warnings.Any(w => w.Contains("written in several ways", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Codes_as_features_are_told_of_and_can_be_texts()
    {
        string csv = "zip,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 3 == 0 ? "02139" : i % 3 == 1 ? "33101" : "2139")},{i * 31 % 17}.5\n"));
        Assert.IsTrue(Prepare(csv).Warnings.Any(w => w.Contains("column 'zip' has 20 numbers with leading zeros or more than 15 digits, the first of them '02139' in line 2.", StringComparison.Ordinal) && w.Contains("CsvOptions.TextColumns", StringComparison.Ordinal)));
        FeatureEncoder features = DataPreparation.Prepare<float>(Load(csv, new CsvOptions { TextColumns = ["zip"] }), _y).Features;
        Assert.AreEqual("zip=02139 | zip=2139 | zip=33101 | zip is other or missing", string.Join(" | ", features.FeatureNames));
        // Read as numbers, they still find their categories.
        CollectionAssert.AreEqual(new double[] { 1, 0, 0, 0 }, features.Encode<double>(Load("zip\n02139\n33101\n"))[..4]);
    }

    [TestMethod]
    public void True_and_false_are_one_boolean_as_a_feature_too()
    {
        string csv = "b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 4) switch { 0 => "true", 1 => "False", 2 => "TRUE", _ => "false" }},{i * 31 % 17}.5\n"));
        PreparedData<float> data = Prepare(csv);
        Assert.AreEqual("b=false | b=true | b is other or missing", string.Join(" | ", data.Features.FeatureNames));
        Assert.IsEmpty(data.Warnings);
        CollectionAssert.AreEqual(new double[] { 0, 1, 0 }, data.Features.Encode<double>(Load("b\nTrUe\n")));
    }

    [TestMethod]
    public void Texts_that_differ_only_in_case_or_spaces_are_warned_of()
    {
        string csv = "city,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i == 7 ? "ROME" : i == 9 ? "\"Rome \"" : i % 2 == 0 ? "Oslo" : "Rome")},{i * 31 % 17}.5\n"));
        Assert.IsTrue(Prepare(csv).Warnings.Any(w => w.Contains("column 'city' has 3 texts that differ only in upper and lower case or in spaces, such as 'ROME' (1 rows, first in line 9) and 'Rome' (28 rows, first in line 3)", StringComparison.Ordinal)), string.Join('\n', Prepare(csv).Warnings));
        Assert.IsTrue(Prepare(Csv("Yes", "yes", "no")).Warnings.Any(w => w.Contains("column 'y' has 2 texts that differ only in upper and lower case", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Rare_classes_are_warned_of_and_many_are_refused()
    {
        string csv = "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7919 % 101},{(i == 5 ? "unknown" : i % 2 == 0 ? "yes" : "no")}\n"));
        Assert.IsTrue(Prepare(csv).Warnings.Any(w => w.Contains("1 of 3 classes of label 'y' has only one or two rows, such as 'unknown' with 1", StringComparison.Ordinal)));
        string many = "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7919 % 101},{i / 2}.5\n"));
        Fails(() => DataPreparation.Prepare<float>(Load(many), _y with { Task = LearningTask.Multiclass }), "column 'y': 30 of the label's 30 classes have only one or two rows, such as '0.5' with 2.", "set DataOptions.Task to regression");
    }
}
