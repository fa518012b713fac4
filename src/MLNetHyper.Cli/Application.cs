using System.CommandLine;
using System.CommandLine.Invocation;

namespace MLNetHyper.Cli;

/// <summary>The tool without its process: arguments in, text and an exit code out.</summary>
internal static class Application
{
    private static readonly string[] _divided = [TrainCommand.Name, CompareCommand.Name, SuiteCommand.Name];

    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line without the tool's name.</param>
    /// <param name="host">The executable that it runs in.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes errors and warnings.</param>
    /// <param name="cancellation">Ends a command in good order.</param>
    /// <param name="isTerminal">Whether <paramref name="output"/> is the console and a person looks at it.</param>
    /// <param name="join">Finds the other workers, where there may be some.</param>
    /// <param name="openInput">Opens standard input, where a command is to read it. Default: the console's.</param>
    internal static int Run(string[] args, ToolHost host, TextWriter output, TextWriter error, CancellationToken cancellation, bool isTerminal = false, Func<Workers>? join = null, Func<Stream>? openInput = null)
    {
        var session = new Session(host, args, output, error, isTerminal, openInput ?? Console.OpenStandardInput, Workers.One, cancellation);
        try
        {
            using Workers workers = join?.Invoke() ?? Workers.One;
            session = session with { Workers = workers, Out = workers.Writes ? output : TextWriter.Null };
            return Invoke(session, output);
        }
        catch (Exception exception)
        {
            return Fail(session, exception);
        }
    }

    private static int Invoke(Session session, TextWriter output)
    {
        try
        {
            int exitCode = Invoke(session);
            // Whatever is still buffered may not fit the disk.
            output.Flush();
            return session.Agree(exitCode);
        }
        catch (Exception exception)
        {
            int exitCode = Fail(session, exception);
            session.Workers.Fail();
            return exitCode;
        }
    }

    private static int Fail(Session session, Exception exception)
    {
        (int exitCode, string message) = Messages.Of(exception);
        session.Fail(message);
        return exitCode;
    }

    private static int Invoke(Session session)
    {
        // Without a response-file replacer, a file may be named @data.csv.
        ParseResult parsed = Commands.Create(session).Parse(WithoutHelpCommand(session.Arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
            throw new UsageException($"{Sentence(Fault(parsed))} '{session.Host.Command} {Path(parsed.CommandResult.Command)}--help' lists what there is.");
        // Help on a command that does not exist is no help.
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0)
            throw new UsageException(Sentence(Fault(parsed)));
        // Not before help is shown, whatever else the command line says.
        if (parsed.Action == parsed.CommandResult.Command.Action)
        {
            if (session.Workers.Count > 1 && !_divided.Contains(parsed.CommandResult.Command.Name))
                throw new UsageException($"'{parsed.CommandResult.Command.Name}' runs in one process, but mpiexec started {session.Workers.Count}. Only {string.Join(", ", _divided.Select(name => $"'{name}'"))} divide their work among workers.");
            if (session.Workers.Writes)
                OutputFiles.Check(parsed);
        }
        return parsed.Invoke(new InvocationConfiguration { Output = session.Out, Error = session.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>"help train" is "train --help".</summary>
    private static string[] WithoutHelpCommand(IReadOnlyList<string> arguments) => arguments is ["help", ..] ? [.. arguments.Skip(1), "--help"] : [.. arguments];

    private static string Fault(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command is RootCommand root)
            return $"name a command: {string.Join(", ", root.Subcommands.Select(c => c.Name))}.";
        // What is unknown usually explains what is missing.
        if (parsed.UnmatchedTokens.Count == 0)
            return parsed.Errors[0].Message;
        Command command = parsed.CommandResult.Command;
        bool isOption = parsed.UnmatchedTokens[0].StartsWith('-') || command.Subcommands.Count == 0;
        IEnumerable<Symbol> known = isOption ? command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive)) : command.Subcommands;
        return NameSuggestion.Missing(parsed.UnmatchedTokens[0], known.Select(symbol => symbol.Name), isOption ? "option" : "command");
    }

    private static string Sentence(string message) => message.EndsWith('.') || message.EndsWith('?') ? message : message + ".";

    private static string Path(Command command) => command is RootCommand ? "" : command.Name + " ";
}
