namespace MLNetHyper.Engine;

/// <summary>One of several things to choose from by name.</summary>
/// <param name="Name">What to write.</param>
/// <param name="Description">A line about it.</param>
internal sealed record NamedChoice(string Name, string Description);
