using System.Text;

namespace MLNetHyper.Cli.Tests;

/// <summary>Bad data end with exit code 2 and one sentence that names file, place, column and remedy.</summary>
[TestClass]
public sealed class BadDataTests
{
    private const string Good = "a,b,y\n1,2,3.5\n2,1,4.5\n3,5,1.5\n4,4,2.25\n5,2,8\n6,9,1\n7,1,2\n8,3,3\n9,7,4\n10,2,6\n";

    [TestMethod]
    [DataRow("", new[] { "empty" })]
    [DataRow("a,b,y\n", new[] { "header but no data" })]
    [DataRow("a,b,z\n1,2,3\n", new[] { "no column 'y'", "'z'" })]
    [DataRow("a,a,y\n1,2,3\n", new[] { "line 1", "'a'" })]
    [DataRow("a,b,y\n1,2,3\n1,2\n", new[] { "line 3" })]
    [DataRow("a,b,y\n1,inf,3\n2,3,4\n", new[] { "line 2", "column 'b'", "infinite" })]
    [DataRow("a,b,y\n1,2,5\n2,1,5\n3,4,5\n4,3,5\n5,5,5\n6,1,5\n7,2,5\n", new[] { "column 'y'", "5 in every row" })]
    [DataRow("a,b,y\n1,2,yes\n2,1,yes\n3,4,yes\n4,3,yes\n5,5,yes\n6,1,yes\n", new[] { "column 'y'", "only one class" })]
    [DataRow("a,b,y\n1,2,\n2,1,\n", new[] { "labels", "missing" })]
    [DataRow("a,b,y\n1,1,1.5\n1,1,2.5\n1,1,3\n1,1,4\n1,1,5\n1,1,6\n", new[] { "no feature is left" })]
    public void Content(string content, string[] parts)
    {
        using TestFolder folder = new();
        string file = folder.Write("bad.csv", content);
        Tool.Train(file, "y").IsBadInput([file, .. parts]);
    }

    [TestMethod]
    public void Text_where_a_number_must_be()
    {
        using TestFolder folder = new();
        string file = folder.Write("text.csv", Good.Replace("5,2,8", "5,abc,8"));
        Tool.Train(file, "y", "--numeric", "b").IsBadInput(file, "line 6", "column 'b'", "'abc' is not a number");
    }

    [TestMethod]
    public void Fewer_rows_than_features_of_a_text_column_train_with_a_warning()
    {
        using TestFolder folder = new();
        string file = folder.Write("names.csv", "city,y\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"city {(char)('a' + i)},{i + 0.5}\n")));
        string warnings = Tool.Train(file, "y").Succeeds().Error;
        foreach (string part in new[] { "fewer than the", "column 'city' alone", "--drop" })
            Assert.Contains(part, warnings);
    }

    [TestMethod]
    public void Wrong_encoding()
    {
        using TestFolder folder = new();
        string file = folder["latin.csv"];
        File.WriteAllBytes(file, [.. Encoding.Latin1.GetBytes("größe,y\n1,2\n")]);
        Tool.Train(file, "y").IsBadInput(file, "UTF-8", "line 1");
    }

    [TestMethod]
    public void No_such_file_folder_or_column()
    {
        using TestFolder folder = new();
        string file = folder.Write("good.csv", Good);
        Tool.Train(folder["none.csv"], "y").IsBadInput("none.csv", "no such file");
        Tool.Train(Path.GetTempPath(), "y").IsBadInput("folder");
        Tool.Train(file, "Y").IsBadInput(file, "Did you mean 'y'?");
        Tool.Train(file, "y", "--drop", "q").IsBadInput(file, "no column 'q'");
        Tool.Train(file, "y", "--drop", "y").IsBadInput("--drop");
        Tool.Train(file, "y", "--weight", "w").IsBadInput("no column 'w'");
        Tool.Train(file, "y", "--split-rows", "5,2,1").IsBadInput("add up");
        Tool.Train(file, "y", "--test-data", folder["none.csv"]).IsBadInput("none.csv", "no such file");
    }

    [TestMethod]
    public void Models_that_are_none_or_damaged()
    {
        using TestFolder folder = new();
        string file = folder.Write("good.csv", Good), model = folder["m.model"];
        Tool.Run("predict", "--model", file, "--data", file).IsBadInput(file, "not a model");
        Tool.Train(file, "y", "--model", model).Succeeds();
        byte[] bytes = File.ReadAllBytes(model);
        bytes[^5] ^= 1;
        File.WriteAllBytes(model, bytes);
        Tool.Run("predict", "--model", model, "--data", file).IsBadInput(model, "damaged");
    }

    [TestMethod]
    public void Data_without_the_models_columns()
    {
        using TestFolder folder = new();
        string model = folder["m.model"];
        Tool.Train(folder.Write("good.csv", Good), "y", "--model", model).Succeeds();
        Tool.Run("predict", "--model", model, "--data", folder.Write("a.csv", "a\n1\n")).IsBadInput("no column 'b'");
        Tool.Run("predict", "--model", model, "--data", folder.Write("t.csv", "a,b\n1,2\n1,x\n")).IsBadInput("line 3", "column 'b'", "'x' is not a number");
    }

    [TestMethod]
    public void Checkpoints_of_other_runs()
    {
        using TestFolder folder = new();
        string file = folder.Write("good.csv", Good), checkpoint = folder["c"];
        using var source = new CancellationTokenSource();
        Task canceling = Task.Run(() =>
        {
            RunningTool.Await(checkpoint);
            source.Cancel();
        });
        string[] command = ["train", "--data", file, "--label", "y", "--hidden-layers", "4", "--checkpoint", checkpoint, "--checkpoint-interval", "0s", "--json"];
        Assert.AreEqual(ExitCode.Canceled, Tool.Run(source.Token, [.. command, "--steps", "1000000000"]).ExitCode);
        canceling.Wait();
        Tool.Run([.. command, "--seed", "7"]).IsBadInput(checkpoint, "unfinished run with other data or options");
        // Finished, it is in nobody's way.
        Assert.IsGreaterThan(0, Tool.Run([.. command, "--steps", "1"]).Succeeds().Json.GetProperty("resumedFrom").GetInt64());
        Assert.AreEqual(0, Tool.Run([.. command, "--steps", "60", "--seed", "7"]).Succeeds().Json.GetProperty("resumedFrom").GetInt64());
        string other = folder.Write("other.csv", Good);
        Tool.Train(file, "y", "--checkpoint", other).IsBadInput(other, "not a checkpoint");
        Assert.AreEqual(Good, File.ReadAllText(other));
    }
}
