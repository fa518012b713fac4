namespace MLNetHyper.Cli;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCode
{
    internal const int Success = 0;

    /// <summary>The work was begun but did not succeed.</summary>
    internal const int Failed = 1;

    /// <summary>The command line or the data cannot be used as they are.</summary>
    internal const int BadInput = 2;

    /// <summary>What the command computes with is missing on this machine, or fails.</summary>
    internal const int NoEngine = 3;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    internal const int Canceled = 130;
}
