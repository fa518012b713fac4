namespace MLNetHyper.Engine;

/// <summary>What several workers that train one model divide.</summary>
public enum WorkerDivision
{
    /// <summary>Every batch. Each keeps all rows, so that together they do what one process does, however many they are.</summary>
    Batches,

    /// <summary>The training rows. Each keeps its own in memory and shuffles only these; batches have as many of each. Of a table larger than memory each reads a part, too.</summary>
    Rows,
}
