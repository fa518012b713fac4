using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class ReproduceTests
{
    private static readonly string[] _brief = ["reproduce", "--dataset", "fashion-mnist", "--initializations", "3", "--steps", "20", "--methods", "random,wd-lr-m"];

    [TestMethod]
    public void Fashion_mnist_is_repeated_from_its_published_files()
    {
        using TestFolder folder = new();
        JsonElement json = Tool.Run([.. _brief, "--data-folder", folder.FashionMnist(), "--json"]).Succeeds().Json;
        Assert.AreEqual(("fashion-mnist", 3, 20), (json.GetProperty("dataset").GetString(), json.GetProperty("initializations").GetInt32(), json.GetProperty("steps").GetInt32()));
        string note = json.GetProperty("note").GetString()!;
        Assert.StartsWith("Test cross-entropy ± bootstrap", note);
        Assert.Contains("NaN or from 1000 on", note);
        Assert.EndsWith("of 100 initializations of 10000 steps, ours of 3 of 20.", note);
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        Assert.AreEqual("random random-3 wd-lr-m", string.Join(' ', rows.Select(r => r.GetProperty("key").GetString())));
        Assert.AreEqual("0.85±0.07 0.8±0.1 0.374±0.002", string.Join(' ', rows.Select(r => r.GetProperty("publishedMean").GetString())));
        Assert.IsInRange(0, 5, rows[2].GetProperty("median").GetDouble());
        Assert.IsGreaterThan(2, rows[2].GetProperty("departure").GetDouble(), "images of noise");
    }

    [TestMethod]
    public void Text_says_what_is_repeated_and_how_many_epochs_the_steps_are()
    {
        using TestFolder folder = new();
        string text = Tool.Run([.. _brief, "--data-folder", folder.FashionMnist(120)]).Succeeds().Out;
        Assert.Contains("data      fashion-mnist: ", text);
        Assert.Contains("20 steps (10 epochs) for each of 2 methods", text, "100 of 120 images train, 50 a step");
        Assert.Contains("0.374 ± 0.002", text);
        Assert.Contains("Means that depart from the published ones by more than two standard errors: ", text);
        string table = Tool.Run("reproduce", "--dataset", "energy", "--initializations", "3", "--steps", "20", "--methods", "random", "--data-folder", Repository.PathTo("samples", "data")).Succeeds().Out;
        Assert.Contains("3 initializations of 20 steps for each of 1 methods", table);
        Assert.Contains("Test MSE in label units ± bootstrap standard error. Runs that ended in NaN are left out", table);
    }

    [TestMethod]
    public void Experiments_of_the_other_engine_are_told_where_they_are()
    {
        foreach (string dataset in new[] { "ptb", "cifar-10", "CIFAR-10", "cifar-10-wrn" })
            Tool.Run("reproduce", "--dataset", dataset).IsBadInput("TorchSharp", $"dotnet run --project src/MLNetHyper.Torch.Cli -c Release -- reproduce --dataset {dataset.ToLowerInvariant()} --data-folder FOLDER");
        Tool.Run("reproduce", "--dataset", "mnist").IsBadInput("energy, kin8nm, power, naval, fashion-mnist");
    }

    [TestMethod]
    public void Data_that_are_absent_or_damaged_are_named_with_what_is_needed()
    {
        using TestFolder folder = new();
        const string Needed = "train-images-idx3-ubyte";
        Tool.Run(_brief).IsBadInput("--data-folder", Needed, "zalandoresearch");
        Tool.Run([.. _brief, "--data-folder", folder["none"]]).IsBadInput(folder["none"], "no such folder", Needed);
        Tool.Run([.. _brief, "--data-folder", folder["."]]).IsBadInput($"no file {Needed}");
        folder.FashionMnist();
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        Tool.Run([.. _brief, "--data-folder", folder["."]]).IsBadInput("no file t10k-labels-idx1-ubyte");
        folder.FashionMnist();
        folder.Write("train-images-idx3-ubyte", "no images");
        Tool.Run([.. _brief, "--data-folder", folder["."]]).IsBadInput(folder["."], Needed, "fewer than the 16");
        Tool.Run("reproduce", "--dataset", "energy", "--data-folder", folder["none"]).IsBadInput("there is no folder", "--data-folder");
        Tool.Run("reproduce", "--dataset", "energy", "--data-folder", folder["."]).IsBadInput("energy.csv", "no such file");
    }

    [TestMethod]
    public void Another_executable_brings_its_own_experiments_and_is_quoted_by_its_own_name()
    {
        using TestFolder folder = new();
        ToolHost host = new("dotnet run --project other --", [.. PaperExperiment.Managed.Where(e => e.Name == "fashion-mnist")]);
        string markdown = Tool.Run(host, CancellationToken.None, [.. _brief, "--data-folder", folder.FashionMnist(), "--markdown"]).Succeeds().Out;
        Assert.StartsWith("<!-- dotnet run --project other -- reproduce --dataset fashion-mnist ", markdown);
        Outcome refused = Tool.Run(host, CancellationToken.None, "reproduce", "--dataset", "energy");
        refused.IsBadInput("must be one of fashion-mnist", "'dotnet run --project other -- reproduce --help'");
    }

    [TestMethod]
    public void Cancellation_ends_it()
    {
        using TestFolder folder = new();
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.AreEqual(ExitCode.Canceled, Tool.Run(canceled.Token, [.. _brief, "--data-folder", folder.FashionMnist()]).ExitCode);
    }
}
