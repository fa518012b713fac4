namespace MLNetHyper.Cli;

/// <summary>Numbers with nouns.</summary>
internal static class Words
{
    /// <summary>"1 step", "1000 steps".</summary>
    internal static string Count(long number, string noun) => $"{CompactNumber.Format(number)} {noun}{(number == 1 ? "" : "s")}";
}
