namespace MLNetHyper.Cli;

/// <summary>A command line that cannot be carried out; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
