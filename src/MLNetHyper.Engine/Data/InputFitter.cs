namespace MLNetHyper.Engine;

/// <summary>Learns a transform from training rows that pass by, once or several times.</summary>
internal abstract class InputFitter
{
    /// <summary>Takes the next row.</summary>
    internal abstract void Add(ReadOnlySpan<float> row);

    /// <summary>Called after the last row; true if all shall pass again, in the same order.</summary>
    internal virtual bool WantsAnotherPass() => false;

    /// <summary>What was learned.</summary>
    internal abstract InputTransform ToTransform();
}
