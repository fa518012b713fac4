using System.CommandLine;

namespace MLNetHyper.Cli.Tests;

/// <summary>Where a block of the documentation comes from.</summary>
/// <param name="Kind">One of the kinds below.</param>
/// <param name="Argument">What it says about it.</param>
internal sealed record GeneratedBlock(string Kind, string Argument)
{
    /// <summary>Whether its numbers are measurements.</summary>
    internal bool IsMeasured => Kind is "sample" or "command";

    internal static GeneratedBlock Parse(string source) => source.Split(' ', 2) is [string kind, string argument] ? new(kind, argument) : new(source, "");

    internal string Write() => Kind switch
    {
        "file" => Fenced(Argument.EndsWith(".cs", StringComparison.Ordinal) ? "csharp" : "", File.ReadAllText(Repository.PathTo(Argument.Split('/')))),
        "sample" => Fenced("text", Sample.Run(Argument).Succeeds().Out),
        "command" => Fenced("text", Command(Argument)),
        "options" => Options(Argument),
        "training-options" => TrainingOptionTable.Write(),
        "methods" => MethodMatrix.Write(),
        "versions" => PackageTexts.Versions(),
        "torch-packages" => PackageTexts.TorchPackages(),
        "torch-install" => Fenced("", PackageTexts.TorchInstall()),
        "catch-up" => CatchUpTable.Write(),
        "automl-catch-up" => CatchUpTable.WriteAutoML(),
        "results" when Argument == "suite-summary" => SuiteSummary(),
        // Measured by the command in its first line; nobody measures in a test.
        "results" => File.ReadAllText(Repository.PathTo("docs", "results", Argument + ".md")),
        _ => throw new InvalidOperationException($"There is no kind of block '{Kind}'."),
    };

    private static string Fenced(string language, string text) => $"```{language}\n{text.ReplaceLineEndings("\n").TrimEnd()}\n```\n";

    private static string Command(string line)
    {
        string root = Repository.PathTo() + Path.DirectorySeparatorChar;
        string[] arguments = [.. line.Split(' ').Skip(1).Select(argument => argument.StartsWith("samples/", StringComparison.Ordinal) ? root + argument : argument)];
        return $"$ {line}\n{Tool.Run(arguments).Succeeds().Out.Replace(root, "", StringComparison.Ordinal)}";
    }

    /// <summary>The first tables of the suite's results in one, each rival once.</summary>
    private static string SuiteSummary()
    {
        string[][] tables = [.. new[] { "suite-trees", "suite" }.Select(name => File.ReadAllLines(Repository.PathTo("docs", "results", name + ".md")).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).ToArray())];
        return string.Concat(tables[0].Concat(tables[1].Skip(2)).DistinctBy(line => line.Split('|')[1]).Select(line => line + "\n"));
    }

    /// <summary>A command's options as a table: all, or those named.</summary>
    private static string Options(string argument)
    {
        string[] parts = argument.Split(' ');
        Session session = new(ToolHost.OnePass, [], TextWriter.Null, TextWriter.Null, false, () => Stream.Null, Workers.One, CancellationToken.None);
        Command command = Commands.Create(session).Subcommands.Single(c => c.Name == parts[0]);
        IEnumerable<Option> options = parts.Length == 1 ? command.Options : parts[1..].Select(name => command.Options.Single(o => o.Name == name));
        return "| Option | Meaning |\n|---|---|\n" + string.Concat(options.Select(o =>
            $"| `{o.Name}{(o.HelpName is { } value ? " " + value.Replace("|", "\\|", StringComparison.Ordinal) : "")}` | {o.Description!.Replace("|", "\\|", StringComparison.Ordinal)} |\n"));
    }
}
