using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class MissingWordTests
{
    [TestMethod]
    [DataRow("<NA>")]
    [DataRow("#N/A")]
    [DataRow("#NA")]
    [DataRow("-nan")]
    [DataRow("-NaN")]
    [DataRow("1.#QNAN")]
    [DataRow("-1.#IND")]
    [DataRow("-nan(ind)")]
    [DataRow("#N/A N/A")]
    [DataRow("NaT")]
    [DataRow("NULL")]
    public void Words_of_other_programs_are_missing_among_numbers_and_texts(string word)
    {
        Table table = Load($"a,b\n1,x\n{word},{word}\n2,y\n");
        HasNumbers(table, "a", 1, double.NaN, 2);
        HasTexts(table, "b", "x", null, "y");
    }

    [TestMethod]
    public void None_is_missing_among_numbers_only()
    {
        Table table = Load("a,b,c\n1,Brick,None\nNone,None,NA\nnone,Stone,None\n");
        HasNumbers(table, "a", 1, double.NaN, double.NaN);
        HasTexts(table, "b", "Brick", "None", "Stone");
        HasTexts(table, "c", "None", null, "None");
        HasNumbers(Load("a\nNone\n", new CsvOptions { NumericColumns = ["a"] }), "a", double.NaN);
    }

    [TestMethod]
    public void A_model_reads_them_as_in_training()
    {
        string rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i % 9 == 0 ? "None" : $"{i % 13}")},{(i % 3 == 0 ? "NA" : i % 3 == 1 ? "EU" : "AS")},{(i % 2 == 0 ? "NA" : "no")},{i * 31 % 17}.5\n"));
        Table table = Load("x,region,flag,y\n" + rows, new CsvOptions { KeepMissingWords = ["region"] });
        OnePassModel model = OnePass.Train(table, new DataOptions { LabelColumn = "y" }, new OnePassOptions { Steps = 20, HiddenLayers = [] }).Model;
        Assert.Contains("region=NA", model.Features.FeatureNames);
        Assert.DoesNotContain("flag=NA", model.Features.FeatureNames);
        Table again = Load("region,flag,x\nNA,NA,None\nEU,no,4\n", model.ReadingOptions);
        HasTexts(again, "region", "NA", "EU");
        HasTexts(again, "flag", null, "no");
        Assert.IsTrue(model.Predict(again).Values.All(double.IsFinite));
    }

    [TestMethod]
    public void A_label_of_numbers_and_None_is_numbers_with_missing_ones()
    {
        string Csv(Func<int, string> label) => "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7919 % 101},{label(i)}\n"));
        PreparedData<float> regression = DataPreparation.Prepare<float>(Load(Csv(i => i % 3 == 0 ? "None" : $"{i}.25")), new DataOptions { LabelColumn = "y" });
        Assert.AreEqual(LearningTask.Regression, regression.Task);
        Assert.IsTrue(regression.Warnings.Any(w => w.Contains("skipped 20 rows", StringComparison.Ordinal) && w.Contains("'None' in 20 rows, first in line 2", StringComparison.Ordinal)), string.Join('\n', regression.Warnings));
        Assert.AreEqual(LearningTask.Binary, DataPreparation.InferTask(Load(Csv(i => i % 3 == 0 ? "None" : $"{i % 2}")), "y"));
        Fails(() => DataPreparation.InferTask(Load(Csv(i => i % 3 == 0 ? "-" : $"{i}.25")), "y"), "column 'y' looks like numbers except '-' in 20 rows, first in line 2. Correct them, or leave the cells empty where the value is unknown; rows without a label are skipped.", "DataOptions.Task");
        // A typo among words for missing is still named.
        Fails(() => DataPreparation.InferTask(Load(Csv(i => i == 5 ? "4O" : i % 3 == 0 ? "None" : $"{i}.25")), "y"), "except '4O' in line 7");
    }

    [TestMethod]
    public void A_class_NA_is_told_of_and_can_be_kept()
    {
        string csv = "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7919 % 101},{(i % 3 == 0 ? "NA" : i % 3 == 1 ? "EU" : "AS")}\n"));
        DataOptions options = new() { LabelColumn = "y" };
        PreparedData<float> skipped = DataPreparation.Prepare<float>(Load(csv), options);
        Assert.IsTrue(skipped.Warnings.Any(w => w.Contains("'NA' in 20 rows, first in line 2; if they are classes, name the column in CsvOptions.KeepMissingWords.", StringComparison.Ordinal)));
        PreparedData<float> kept = DataPreparation.Prepare<float>(Load(csv, new CsvOptions { KeepMissingWords = ["y"] }), options);
        Assert.AreEqual("AS EU NA", string.Join(' ', kept.Target.ClassNames));
        Assert.AreEqual(0, kept.SkippedRows);
    }
}
