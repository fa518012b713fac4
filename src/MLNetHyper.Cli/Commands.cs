using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MLNetHyper.Cli;

/// <summary>All commands. A new one is a file with a static Create and a line here.</summary>
internal static class Commands
{
    internal static RootCommand Create(Session session)
    {
        var root = new RootCommand("Trains neural networks on tables. Learning rate, weight decay and the update rule's other hyperparameters tune themselves in the same pass.")
        {
            TrainCommand.Create(session),
            PredictCommand.Create(session),
            ExplainCommand.Create(session),
            ExportCommand.Create(session),
            CompareCommand.Create(session),
            SuiteCommand.Create(session),
            ReproduceCommand.Create(session),
            SpeedCommand.Create(session),
            VerifyTraceCommand.Create(session),
        };
        foreach (Option option in root.Options)
        {
            if (option is VersionOption version)
                version.Action = new PrintVersion(session);
            else if (option is HelpOption { Action: HelpAction help })
                option.Action = new PrintHelp(help, session);
        }
        return root;
    }

    /// <summary>The library prints the version of the process's main assembly, which in a test is the test host.</summary>
    private sealed class PrintVersion(Session session) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            session.Out.WriteLine(Provenance.Version);
            return ExitCode.Success;
        }
    }

    private sealed class PrintHelp(HelpAction help, Session session) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            Examples.WriteTo(session.Out, parseResult.CommandResult.Command.Name);
            return ExitCode.Success;
        }
    }
}
