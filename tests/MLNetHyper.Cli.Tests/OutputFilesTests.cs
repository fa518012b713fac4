using System.CommandLine;
using System.Diagnostics;

namespace MLNetHyper.Cli.Tests;

/// <summary>No command replaces an input or one result by another: for all pairs of file options that there are, however their files are spelt.</summary>
[TestClass]
public sealed class OutputFilesTests
{
    private const string Rows = "a,y\n1,2\n2,4\n3,5\n4,8\n";

    private static readonly Command[] _commands = [.. Commands.Create(new Session(ToolHost.OnePass, [], TextWriter.Null, TextWriter.Null, IsTerminal: false, () => Stream.Null, Workers.One, CancellationToken.None)).Subcommands];

    /// <summary>Every command with an option for a file that it writes and another for a file.</summary>
    private static IEnumerable<object[]> Pairs =>
        from command in _commands
        let files = command.Options.OfType<FileOption>().ToArray()
        from written in files
        where written.IsWritten
        from other in files
        where other != written
        select new object[] { command.Name, written.Name, other.Name };

    [TestMethod]
    [DynamicData(nameof(Pairs))]
    public void An_output_is_no_other_file_under_any_spelling(string command, string written, string other)
    {
        foreach ((string spelling, Func<TestFolder, string, string> spell) in Spellings())
        {
            using TestFolder folder = new();
            string file = folder.Write("file", Rows);
            string spelt = spell(folder, file);
            Refused(folder, command, written, spelt, other, file, spelling);
            Refused(folder, command, written, file, other, spelt, spelling);
            Assert.AreEqual(Rows, File.ReadAllText(file), spelling);
            Assert.AreEqual(Rows, File.ReadAllText(spelt), spelling);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pairs))]
    public void Two_outputs_that_do_not_exist_yet_are_told_to_be_one(string command, string written, string other)
    {
        if (!Find(command, other).IsWritten)
            return;
        foreach ((string spelling, Func<TestFolder, string, string> spell) in Spellings(ofExisting: false))
        {
            using TestFolder folder = new();
            Refused(folder, command, written, spell(folder, folder["file"]), other, folder["file"], spelling);
            Assert.IsFalse(File.Exists(folder["file"]), spelling);
        }
    }

    /// <summary>A new option for a file cannot be forgotten.</summary>
    [TestMethod]
    public void Every_option_that_names_a_file_is_looked_at()
    {
        foreach (Command command in _commands)
        {
            foreach (Option option in command.Options.Where(option => option.HelpName == "FILE"))
            {
                Assert.IsInstanceOfType<FileOption>(option, $"{command.Name} {option.Name}");
                bool writes = option.Description!.StartsWith("Write", StringComparison.Ordinal) || option.Description.StartsWith("Save", StringComparison.Ordinal);
                Assert.AreEqual(writes, ((FileOption)option).IsWritten, $"{command.Name} {option.Name}");
            }
            Assert.IsFalse(command.Arguments.Count > 0 && command.Options.OfType<FileOption>().Any(option => option.IsWritten), $"{command.Name} has arguments beside a file that it writes.");
        }
    }

    [TestMethod]
    public void Different_files_are_not_taken_for_one()
    {
        using TestFolder folder = new();
        string data = folder.Regression(), copy = folder["copy.csv"];
        File.Copy(data, copy);
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(data));
        Tool.Train(data, "y", "--model", folder["regression1.csv.model"], "--report", copy).Succeeds();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(copy));
        Assert.StartsWith("a,b,y", File.ReadAllText(data));
    }

    [TestMethod]
    public void A_link_to_an_output_stays_a_link()
    {
        using TestFolder folder = new();
        string model = folder["latest.model"], target = folder["m1.model"];
        File.CreateSymbolicLink(model, target);
        Tool.Train(folder.Regression(), "y", "--model", model).Succeeds();
        Assert.AreEqual(target, new FileInfo(model).LinkTarget);
        OnePassModel.Load(target);
    }

    [TestMethod]
    [DataRow("/dev/null")]
    [DataRow("/dev/stdout")]
    [DataRow("/dev/fd/1")]
    public void A_device_is_no_output(string device)
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Windows has no device files.");
        Tool.Run("train", "--data", "x", "--label", "y", "--model", device).IsBadInput("--model", "is a device");
    }

    [TestMethod]
    public void Links_that_go_round_are_a_sentence()
    {
        using TestFolder folder = new();
        File.CreateSymbolicLink(folder["a"], folder["b"]);
        File.CreateSymbolicLink(folder["b"], folder["a"]);
        Tool.Run("train", "--data", "x", "--label", "y", "--model", folder["a"]).IsBadInput("--model", "cannot be written");
    }

    /// <summary>Other ways to name a file of a folder.</summary>
    private static IEnumerable<(string, Func<TestFolder, string, string>)> Spellings(bool ofExisting = true)
    {
        yield return ("the same", (_, file) => file);
        yield return ("there and back", (folder, file) => Path.Combine(Directory.CreateDirectory(folder["sub"]).FullName, "..", ".", Path.GetFileName(file)));
        yield return ("relative", (_, file) => Path.GetRelativePath(Directory.GetCurrentDirectory(), file));
        yield return ("symbolic link", (folder, file) => File.CreateSymbolicLink(folder["link"], file).FullName);
        yield return ("relative link to a link", (folder, file) =>
        {
            File.CreateSymbolicLink(folder["link"], Path.GetFileName(file));
            return File.CreateSymbolicLink(folder["link2"], "link").FullName;
        }
        );
        yield return ("link to the folder", (folder, file) => Path.Combine(Directory.CreateSymbolicLink(folder["here"], Path.GetDirectoryName(file)!).FullName, Path.GetFileName(file)));
        if (ofExisting && !OperatingSystem.IsWindows())
        {
            yield return ("hard link", (folder, file) =>
            {
                using Process ln = Process.Start("ln", [file, folder["hard"]]);
                ln.WaitForExit();
                Assert.AreEqual(0, ln.ExitCode);
                return folder["hard"];
            }
            );
        }
    }

    /// <summary>Runs a command with two of its files and whatever else it needs.</summary>
    private static void Refused(TestFolder folder, string command, string written, string writtenPath, string other, string otherPath, string spelling)
    {
        Dictionary<string, string> values = new() { [written] = writtenPath, [other] = otherPath };
        foreach (Option option in _commands.Single(c => c.Name == command).Options.Where(option => option.Required))
            values.TryAdd(option.Name, option is FileOption ? folder.Write($"needed{option.Name}", Rows) : "y");
        Outcome outcome = Tool.Run([command, .. values.SelectMany(value => new[] { value.Key, value.Value })]);
        Assert.AreEqual(ExitCode.BadInput, outcome.ExitCode, $"{spelling}: {outcome.Error}");
        outcome.IsBadInput(written, other, "same file");
    }

    private static FileOption Find(string command, string option) => _commands.Single(c => c.Name == command).Options.OfType<FileOption>().Single(o => o.Name == option);
}
