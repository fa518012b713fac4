using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class FeatureEncoderErrorTests
{
    private static FeatureEncoder Fitted() => FeatureEncoder.Fit(new Table(new TableColumn("width", [1.0, 2, 3]), new TableColumn("height", [1.0, 3, 2])));

    [TestMethod]
    public void A_column_is_missing_at_prediction() => Fails(() => Fitted().Encode<float>(Load("width,hight\n1,2\n")), "there is no column 'height'. Did you mean 'hight'?");

    [TestMethod]
    public void A_text_stands_where_a_number_must_be()
    {
        DataFormatException error = Fails(() => Fitted().Encode<float>(Load("width,height\n1,2\n2,tall\n")), "line 3, column 'height': 'tall' is not a number");
        Assert.AreEqual(3, error.Line);
        Assert.AreEqual("height", error.Column);
        Table codes = Load("width,height\n1,2\n", new CsvOptions { TextColumns = ["height"] });
        Fails(() => Fitted().Encode<float>(codes), "column 'height': the column holds texts where numbers are needed. Load it as numbers with CsvOptions.NumericColumns.");
    }

    [TestMethod]
    public void Reading_for_an_encoder_names_a_bad_cell_in_the_file()
    {
        Fails(() => Load("width,height\n1,2\n2,tall\n", Fitted().ReadingOptions), "line 3, column 'height': 'tall' is not a number");
    }

    [TestMethod]
    public void An_infinite_number_names_its_row()
    {
        Table table = new(new TableColumn("width", [1.0, double.PositiveInfinity]), new TableColumn("height", [1.0, 2]));
        Assert.AreEqual(2, Fails(() => Fitted().Encode<float>(table), "row 2, column 'width': 'Infinity' is infinite").Line);
        Fails(() => FeatureEncoder.Fit(table), "row 2, column 'width': 'Infinity' is infinite");
    }

    [TestMethod]
    public void A_text_column_with_too_many_texts()
    {
        Table table = Load("name,x\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"name {i % 150},{i}\n")));
        Fails(() => FeatureEncoder.Fit(table), "column 'name' has 150 different texts, more than the 100 that a feature may have. Group them, leave it out with DataOptions.IgnoredColumns, raise DataOptions.MaximumCategories, or let its texts share features with DataOptions.BucketColumns.");
        Assert.AreEqual(152, FeatureEncoder.Fit(table, maximumCategories: 150).FeatureCount);
        Assert.AreEqual(1, FeatureEncoder.Fit(table, ["name"]).FeatureCount);
    }

    [TestMethod]
    [DataRow(400)]
    [DataRow(60)]
    public void Numbers_spoilt_by_a_text(int rows)
    {
        Table table = Load("x,y\n" + string.Concat(Enumerable.Range(2, rows).Select(line => $"{(line == 17 ? "abc" : line)},{line}\n")));
        DataFormatException error = Fails(() => FeatureEncoder.Fit(table), "column 'x' looks like numbers except 'abc' in line 17. Correct it, or leave the cell empty if the value is unknown; if the column holds categories, name it in CsvOptions.TextColumns, or leave it out with DataOptions.IgnoredColumns.");
        Assert.AreEqual("x", error.Column);
        Assert.IsNotNull(error.File);
    }

    [TestMethod]
    public void Decimal_commas()
    {
        Table table = Load("x;y\n" + string.Concat(Enumerable.Range(2, 60).Select(line => $"{line},5;{line}\n")));
        Fails(() => FeatureEncoder.Fit(table), "column 'x' looks like numbers with decimal commas, such as '2,5' in line 2. Write decimal points, or read them with CsvOptions.DecimalSeparator;");
    }

    [TestMethod]
    public void No_feature_is_left()
    {
        Table table = new(new TableColumn("x", [1.0, 1]), new TableColumn("y", [1.0, 2]));
        Fails(() => FeatureEncoder.Fit(table, ["y"]), "no feature is left", "Keep a column that varies.");
        Fails(() => FeatureEncoder.Fit(table, ["Y2"]), "there is no column 'Y2'. Did you mean 'y'?");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("{\"version\":1,\"columns\":[],\"dropped\":[]}")]
    [DataRow("{\"version\":2,\"columns\":[],\"dropped\":[]}")]
    [DataRow("{\"version\":1,\"columns\":[{\"$type\":\"numeric\",\"column\":\"x\",\"mean\":0,\"deviation\":-1,\"hasIndicator\":true}],\"dropped\":[]}")]
    [DataRow("{\"version\":1,\"columns\":[null],\"dropped\":[]}")]
    [DataRow("{\"version\":1,\"columns\":[{\"$type\":\"categories\",\"column\":\"x\",\"categories\":null}],\"dropped\":[]}")]
    public void Damaged_JSON(string json) => Fails(() => FeatureEncoder.FromJson(json), "this is not a feature encoder, or it is damaged");
}
