using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLNetHyper.Samples.Tests;

/// <summary>
/// A copy of a notebook, run from its first cell to its last in the kernel of .NET Interactive, with packages made from what this
/// checkout has built. Everything that kernel, Jupyter and NuGet write goes into one folder.
/// </summary>
internal static partial class NotebookRun
{
    // Among the build's outputs, not the system's temporary files: the kernel finds the tool manifest and the data from there.
    private static readonly string _folder = $"artifacts/notebooks/{Environment.ProcessId}";

    private const string AnyPorts = "2048-3000";

    private static int _firstPort = 2048;

    private const string TorchVariable = "MLNETHYPER_TORCH_NOTEBOOKS";

    private static readonly string _version = $"{Notebook.Version()}-notebooks.{DateTime.UtcNow.Ticks}";

    private static readonly Lazy<string?> _missing = new(Prepare);

    /// <summary>Packs what notebooks install, built in Release before.</summary>
    internal static void Pack(params IEnumerable<string> projects)
    {
        if (_missing.Value is not null)
            return;
        foreach (string project in projects)
            Dotnet.Run("pack", project, "-c", "Release", "--no-build", $"-p:PackageVersion={_version}", "-o", PathTo("packages"), "--nologo", "-v", "q", "-tl:off");
    }

    internal static void Check(string name)
    {
        if (_missing.Value is string missing)
            Assert.Inconclusive(missing);
        SampleFile sample = SampleFile.Read(name);
        if (sample.UsesTorch && Environment.GetEnvironmentVariable(TorchVariable) != "1")
            Assert.Inconclusive($"Skipped: in a notebook TorchSharp copies the whole of libtorch into NuGet's package folder, and cannot be loaded where the system's C++ library is older than that of GCC 13. Set the environment variable {TorchVariable}=1 to run it.");
        string copy = PathTo(name + ".ipynb");
        File.WriteAllText(copy, File.ReadAllText(Notebook.PathTo(name))
            .Replace(Notebook.PackageFolder, _folder + "/packages", StringComparison.Ordinal)
            .Replace($", {Notebook.Version()}\\\"", $", {_version}\\\"", StringComparison.Ordinal));
        (int exitCode, string output, string error) = Command.Run(_python.Value!, [PathTo("execute.py"), copy], new(Settings()) { ["JUPYTER_PATH"] = KernelsFor(name) });
        string log = output + error;
        if (exitCode != 0 && NotHere().Match(log) is { Success: true } reason)
            Assert.Inconclusive($"Skipped: what samples/notebooks/{name}.ipynb needs is not here. {reason.Value}");
        Assert.AreEqual(0, exitCode, $"samples/notebooks/{name}.ipynb\n{log}");

        JsonObject[] cells = [.. JsonNode.Parse(File.ReadAllText(copy))!["cells"]!.AsArray().Select(cell => cell!.AsObject()).Where(cell => (string)cell["cell_type"]! == "code")];
        string printed = string.Concat(cells.SelectMany(Outputs).Where(output => (string?)output["name"] == "stdout").Select(output => Text(output["text"])));
        // What the last cell repeats for its picture comes after what the sample prints.
        Assert.StartsWith(SampleRun.Form(sample.Expected), SampleRun.Form(printed.TrimEnd()), $"samples/notebooks/{name}.ipynb printed:\n{printed}");
        string picture = string.Concat(Outputs(cells[^1]).Select(output => Text(output["data"]?["text/html"])));
        Assert.Contains("<svg", picture, $"The last cell of samples/notebooks/{name}.ipynb shows no picture.");
        Assert.DoesNotContain("<script", picture);
    }

    /// <summary>A folder with the kernels for one notebook. They look for a free port and take it only later, so that two which start together would find the same: each gets ports of its own.</summary>
    private static string KernelsFor(string name)
    {
        const int Ports = 50;
        int first = Interlocked.Add(ref _firstPort, Ports);
        foreach (string file in Directory.GetFiles(PathTo("kernels"), "kernel.json", SearchOption.AllDirectories))
        {
            string copy = PathTo("jupyter-" + name, "kernels", Path.GetFileName(Path.GetDirectoryName(file)!), "kernel.json"), text = File.ReadAllText(file);
            Assert.Contains(AnyPorts, text);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, text.Replace(AnyPorts, $"{first}-{first + Ports - 1}", StringComparison.Ordinal));
        }
        return PathTo("jupyter-" + name);
    }

    /// <summary>Removes everything.</summary>
    internal static void CleanUp()
    {
        if (Directory.Exists(PathTo()))
            Directory.Delete(PathTo(), recursive: true);
    }

    /// <summary>What is not here to run notebooks with, in a sentence; null where everything is.</summary>
    private static string? Prepare()
    {
        CleanUp();
        Directory.CreateDirectory(PathTo("temporary"));
        Directory.CreateDirectory(PathTo("kernels"));
        if (_python.Value is null)
            return "Skipped: no python3 on this machine has nbclient (Debian: python3-nbclient, PyPI: nbclient).";
        if (Command.Run("dotnet", ["tool", "restore"]) is (not 0, string output, string error))
            return $"Skipped: the tools of .config/dotnet-tools.json cannot be restored here, so there is no kernel. {(output + error).Split('\n')[0]}";
        (int exitCode, string installed, string fault) = Command.Run("dotnet", ["interactive", "jupyter", "install", "--path", PathTo("kernels"), "--http-port-range", AnyPorts], Settings());
        Assert.AreEqual(0, exitCode, installed + fault);
        File.Copy(Repository.PathTo("tests", "MLNetHyper.Samples.Tests", "execute.py"), PathTo("execute.py"));
        return null;
    }

    /// <summary>The first Python that can run notebooks; another may come first on the PATH.</summary>
    private static readonly Lazy<string?> _python = new(() => Array.Find(
        ["python3", "/usr/bin/python3", "python"], python => Command.Run(python, ["-c", "import nbclient, nbformat"]).ExitCode == 0));

    private static Dictionary<string, string> Settings() => new()
    {
        ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        ["IPYTHONDIR"] = PathTo("ipython"),
        ["JUPYTER_CONFIG_DIR"] = PathTo("jupyter"),
        ["JUPYTER_DATA_DIR"] = PathTo("jupyter"),
        ["JUPYTER_RUNTIME_DIR"] = PathTo("jupyter", "runtime"),
        // Ours go into a folder of their own; everybody else's are taken from where they are.
        ["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        ["NUGET_PACKAGES"] = PathTo("cache"),
        ["TMPDIR"] = PathTo("temporary"),
    };

    /// <summary>Somebody else's package that no feed carries.</summary>
    [GeneratedRegex("Unable to find (a stable )?package (?!MLNetHyper).*")]
    private static partial Regex NotHere();

    private static string PathTo(params string[] parts) => Repository.PathTo([_folder, .. parts]);

    private static IEnumerable<JsonObject> Outputs(JsonObject cell) => cell["outputs"]!.AsArray().Select(output => output!.AsObject());

    /// <summary>A text of nbformat: one string, or its lines.</summary>
    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(line => (string)line!)),
        _ => node.GetValueKind() == JsonValueKind.String ? (string)node! : "",
    };
}
