using System.Runtime.InteropServices;
using System.Text;

namespace MLNetHyper.Cli;

/// <summary>Connects <see cref="Application"/> with a real process: its streams, its signals.</summary>
internal static class Launcher
{
    /// <summary>Runs the command line in this process.</summary>
    /// <param name="args">The command line without the tool's name.</param>
    /// <param name="host">This executable.</param>
    internal static int Run(string[] args, ToolHost host)
    {
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        // Predictions are many short lines, so the stream must not be written to one by one.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { AutoFlush = false };
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        bool isTerminal = !Console.IsOutputRedirected;
        // How wide the terminal is, only its output says.
        return Application.Run(args, host, isTerminal ? new WrappedText(output, Console.WindowWidth) : output, isTerminal && !Console.IsErrorRedirected ? new WrappedText(error, Console.WindowWidth) : error, cancellation.Token, isTerminal, StartedWorkers.Join);

        void Cancel(PosixSignalContext context)
        {
            // The first signal ends the run in good order; a second one, from somebody in a hurry, ends the process.
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }
}
