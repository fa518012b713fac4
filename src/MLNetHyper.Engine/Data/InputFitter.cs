namespace MLNetHyper.Engine;

/// <summary>Learns a transform from training rows that pass by.</summary>
internal abstract class InputFitter
{
    /// <summary>Takes the next row.</summary>
    internal abstract void Add(ReadOnlySpan<float> row);

    /// <summary>What was learned.</summary>
    internal abstract InputTransform ToTransform();
}
