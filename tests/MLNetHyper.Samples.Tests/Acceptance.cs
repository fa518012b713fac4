namespace MLNetHyper.Samples.Tests;

/// <summary>Whether the tests write what they would otherwise compare with.</summary>
internal static class Acceptance
{
    internal const string Variable = "MLNETHYPER_ACCEPT";

    internal static bool IsOn => Environment.GetEnvironmentVariable(Variable) == "1";
}
