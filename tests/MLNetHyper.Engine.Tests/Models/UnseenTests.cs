namespace MLNetHyper.Engine.Tests;

/// <summary>What a table holds that training never met is said, with column, count and place, and does no harm.</summary>
[TestClass]
public sealed class UnseenTests
{
    private static readonly OnePassModel _model = Train(Towns());

    [TestMethod]
    public void What_training_met_needs_no_word() => Assert.IsEmpty(_model.Predict(Towns()).Warnings);

    [TestMethod]
    public void Unseen_texts_are_counted_and_the_first_is_named()
    {
        Predictions predictions = _model.Predict(Rows([1, 2, 3, 4], ["Rome", "ROME", "Oslo", "ROME"], ["a", "b", "a", "b"]));
        Assert.AreEqual("column 'town' has 2 texts in 3 rows that no training row had, first 'ROME' in row 2: they count as \"other\".", predictions.Warnings.Single());
        Assert.AreEqual(4, predictions.Rows);
    }

    [TestMethod]
    public void Gaps_where_training_had_none_are_said()
    {
        IReadOnlyList<string> warnings = _model.Predict(Rows([1, double.NaN, 3], ["Rome", "Bonn", null], ["a", null, null])).Warnings;
        Assert.HasCount(2, warnings);
        Assert.StartsWith("column 'age' is empty in 1 row, first in row 2, but was in no training row: the mean, ", warnings[0]);
        Assert.StartsWith("column 'town' is empty in 1 row, first in row 3, but was in no training row: ", warnings[1]);
    }

    [TestMethod]
    public void Columns_that_training_did_not_have_are_named_but_not_those_that_it_left_out()
    {
        Table table = Rows([1, 2], ["Rome", "Bonn"], ["a", "b"]);
        Table wider = new([.. table.Columns, new TableColumn("color", ["red", "blue"]), new TableColumn("id", [8.0, 9]), new TableColumn("same", [1.0, 1]), new TableColumn("y", [0.0, 0])]);
        Assert.AreEqual("1 column that the training data did not have is not used: color.", _model.Predict(wider).Warnings.Single());
    }

    [TestMethod]
    public void A_saved_model_knows_as_much()
    {
        using var folder = new TemporaryFolder();
        _model.Save(folder["model"]);
        Table table = Rows([double.NaN, 2], ["Oslo", null], ["c", "b"]);
        CollectionAssert.AreEqual(_model.Predict(table).Warnings.ToArray(), OnePassModel.Load(folder["model"]).Predict(table).Warnings.ToArray());
    }

    [TestMethod]
    public void Older_encoders_are_read_and_warn_of_what_they_know()
    {
        FeatureEncoder encoder = FeatureEncoder.FromJson("""{"version":1,"columns":[{"$type":"categories","column":"town","categories":["Bonn","Rome"]}],"dropped":[]}""");
        Table table = new(new TableColumn("town", ["Rome", null, "Oslo"]), new TableColumn("color", ["red", "red", "red"]));
        Assert.Contains("first 'Oslo' in row 3", encoder.Warnings(table).Single());
    }

    /// <summary>The weights of a feature that was 0 in every training row stay as they were drawn, which says nothing about it.</summary>
    [TestMethod]
    public void An_unseen_text_counts_as_nothing_rather_than_as_something_random()
    {
        FeatureEncoder features = _model.Features;
        int[] others = [.. Enumerable.Range(0, features.FeatureCount).Where(k => features.FeatureNames[k] == "town is other or missing")];
        Assert.HasCount(1, others);
        int units = _model.Architecture.Hidden[0];
        Assert.IsTrue(Enumerable.Range(0, units).All(unit => _model.Network.Weights[0].Span[(unit * features.FeatureCount) + others[0]] == 0));
        int gaps = features.FeatureNames.ToList().IndexOf("note is other or missing");
        Assert.IsTrue(Enumerable.Range(0, units).All(unit => _model.Network.Weights[0].Span[(unit * features.FeatureCount) + gaps] != 0), "Training had gaps there.");
    }

    private static OnePassModel Train(Table table) =>
        OnePass.Train(table, new DataOptions { LabelColumn = "y", IgnoredColumns = ["id"] }, OnePassOptions.Published with { Steps = 50, HiddenLayers = [4] }).Model;

    private static Table Towns()
    {
        int[] rows = [.. Enumerable.Range(0, 100)];
        return new(
            new TableColumn("id", [.. rows.Select(row => (double)row)]),
            new TableColumn("age", [.. rows.Select(row => row * 0.37 % 1)]),
            new TableColumn("town", [.. rows.Select(row => row % 3 == 0 ? "Rome" : "Bonn")]),
            new TableColumn("note", [.. rows.Select(row => row % 5 == 0 ? null : row % 2 == 0 ? "a" : "b")]),
            new TableColumn("same", [.. rows.Select(_ => 1.0)]),
            new TableColumn("y", [.. rows.Select(row => (row * 0.37 % 1) + (row % 3))]));
    }

    private static Table Rows(double[] ages, string?[] towns, string?[] notes) => new(new TableColumn("age", ages), new TableColumn("town", towns), new TableColumn("note", notes));
}
