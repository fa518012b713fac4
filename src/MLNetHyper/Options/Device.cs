namespace MLNetHyper;

/// <summary>Where a network trains. Scoring always runs on the CPU, so a saved model needs no particular device.</summary>
public sealed record Device
{
    private Device(string name) => Name = name;

    /// <summary>Whatever is fastest for the network at hand (default).</summary>
    public static Device Auto { get; } = new("auto");

    /// <summary>The managed SIMD engine.</summary>
    public static Device Cpu { get; } = new("cpu");

    /// <summary>The device's name, as log lines say it.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
