using System.CommandLine;
using System.CommandLine.Invocation;

namespace MLNetHyper.Cli;

/// <summary>The tool without its process: arguments in, text and an exit code out.</summary>
internal static class Application
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line without the tool's name.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes errors and warnings.</param>
    /// <param name="cancellation">Ends a command in good order.</param>
    /// <param name="isTerminal">Whether <paramref name="output"/> is the console and a person looks at it.</param>
    internal static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation, bool isTerminal = false)
    {
        var session = new Session(args, output, error, isTerminal, cancellation);
        try
        {
            int exitCode = Invoke(session);
            // Whatever is still buffered may not fit the disk.
            output.Flush();
            return exitCode;
        }
        catch (Exception exception)
        {
            (int exitCode, string message) = Messages.Of(exception);
            session.Fail(message);
            return exitCode;
        }
    }

    private static int Invoke(Session session)
    {
        // Without a response-file replacer, a file may be named @data.csv.
        ParseResult parsed = Commands.Create(session).Parse([.. session.Arguments], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
            throw new UsageException($"{Sentence(parsed.Errors[0].Message)} 'onepass {Path(parsed.CommandResult.Command)}--help' lists the options.");
        return parsed.Invoke(new InvocationConfiguration { Output = session.Out, Error = session.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";

    private static string Path(Command command) => command is RootCommand ? "" : command.Name + " ";
}
