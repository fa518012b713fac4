using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>Reads the examples' weights.</summary>
static class ExampleWeights
{
    /// <summary>What a row of each class counts where all classes are to weigh the same.</summary>
    internal static double[] Balanced(IEnumerable<int> trained, int classes)
    {
        int[] counts = new int[classes];
        foreach (int label in trained)
            counts[label]++;
        // A class without training rows has nothing to weigh against.
        return Array.ConvertAll(counts, count => count == 0 ? 1 : (double)counts.Sum() / (counts.Count(c => c > 0) * count));
    }

    // Sums of weights stay finite in float too.
    private const double Maximum = 1e30;

    /// <param name="table">The rows.</param>
    /// <param name="name">The column.</param>
    /// <param name="part">What they are for, where they must not all have the weight 0; null where others may have weights.</param>
    internal static T[] Read<T>(Table table, string name, string? part) where T : unmanaged, IFloatingPointIeee754<T>
    {
        TableColumn column = table[name];
        if (!column.IsNumeric)
            throw TextJudgement.NotNumeric(table, column);
        T[] weights = new T[table.RowCount];
        bool any = false;
        for (int row = 0; row < weights.Length; row++)
        {
            double weight = column.Numbers[row];
            if (weight is not (>= 0 and <= Maximum))
                throw table.Error($"the weight {Cell.Format(weight)} is not between 0 and 1e30. Correct it, or leave it empty to skip the row.", row, name);
            weights[row] = T.CreateTruncating(weight);
            any |= weights[row] > T.Zero;
        }
        return any || part is null ? weights : throw table.Error($"all weights of the {part} rows are 0. Give at least one row a weight.", column: name);
    }
}
