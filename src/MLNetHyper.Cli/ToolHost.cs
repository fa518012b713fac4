namespace MLNetHyper.Cli;

/// <summary>The executable that runs the tool. One with another engine brings that engine's experiments.</summary>
/// <param name="Command">What one types to call it, as reports quote it.</param>
/// <param name="Experiments">The published experiments that it can repeat.</param>
internal sealed record ToolHost(string Command, IReadOnlyList<PaperExperiment> Experiments)
{
    /// <summary>The tool itself, on the managed engine.</summary>
    internal static ToolHost OnePass { get; } = new("onepass", PaperExperiment.Managed);
}
