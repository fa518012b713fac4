using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>The command; what ONNX Runtime and ML.NET make of the files is tested where they are.</summary>
[TestClass]
public sealed class ExportTests
{
    [TestMethod]
    public void Onnx_files_name_the_columns()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Multiclass(), "y", "--model", folder["m"]).Succeeds();
        JsonElement json = Tool.Run("export", "--model", folder["m"], "--onnx", folder["m.onnx"], "--json").Succeeds().Json;
        Assert.AreEqual("a b", string.Join(' ', json.GetProperty("inputs").EnumerateArray()));
        Assert.AreEqual(folder["m.onnx"], json.GetProperty("onnx").GetString());
        string content = Encoding.Latin1.GetString(File.ReadAllBytes(folder["m.onnx"]));
        foreach (string part in new[] { "MLNetHyper", "ai.onnx.ml", "Softmax", "green, dark", "predicts 'y'" })
            Assert.Contains(part, content);
        Assert.Contains(folder["m.onnx"], Tool.Run("export", "--model", folder["m"], "--onnx", folder["m.onnx"]).Succeeds().Out);
    }

    [TestMethod]
    public void What_cannot_be_exported_is_a_sentence()
    {
        using TestFolder folder = new();
        Tool.Run("export", "--model", folder["m"]).IsBadInput("--onnx or --mlnet");
        Tool.Run("export", "--model", folder["m"], "--onnx", folder["o"]).IsBadInput("no such model");
        Tool.Run("export", "--model", folder["m"], "--mlnet", folder["z"]).IsBadInput("no such model");
        Assert.Contains("LoadOnePass", Assert.ThrowsExactly<UsageException>(() => MLNetFile.Writer("Absent")).Message);
    }

    [TestMethod]
    public void A_file_for_MLNet_names_the_columns()
    {
        using TestFolder folder = new();
        Tool.Train(folder.Regression(), "y", "--model", folder["m"]).Succeeds();
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "MLNetHyper.dll")))
            Assert.Inconclusive("Skipped: the tool was built without Microsoft.ML.");
        JsonElement json = Tool.Run("export", "--model", folder["m"], "--mlnet", folder["z"], "--json").Succeeds().Json;
        using ZipArchive archive = ZipFile.OpenRead(json.GetProperty("mlnet").GetString()!);
        Assert.Contains("Schema", archive.Entries.Select(entry => entry.FullName));
    }
}
