namespace MLNetHyper.Engine;

/// <summary>How much a model relies on a column: what its error becomes where the column's values are shuffled among the rows, so that they say nothing any more of the label.</summary>
/// <remarks>
/// Permutation importance (Breiman 2001, "Random forests", section 10; of any model: Fisher, Rudin and Dominici 2019, "All models are wrong, but many are useful",
/// section 3). It is of the model rather than of the world: of columns that say the same, each may seem to matter little.
/// </remarks>
/// <param name="Column">The column.</param>
/// <param name="Increases">By how much each permutation raised the error: root mean squared error in the label's units, or log-loss. Below 0 where chance lowered it.</param>
public sealed record ColumnImportance(string Column, IReadOnlyList<double> Increases)
{
    /// <summary>The mean increase of the error.</summary>
    public double Mean => Increases.Average();

    /// <summary>The unbiased standard deviation of the increases over permutations; 0 for a single one.</summary>
    public double Deviation => Increases.Count > 1 ? Statistics.Deviation(Increases) : 0;
}
