namespace MLNetHyper.Engine;

public sealed partial class OnePassModel
{
    /// <summary>How much the model relies on each column, the most important first.</summary>
    /// <param name="table">Rows with labels, best of all such that did not train the model; those without one are left out.</param>
    /// <param name="permutations">How often each column is shuffled, at least 1. Default 5.</param>
    /// <param name="seed">The same seed gives the same permutations. Default 0.</param>
    /// <param name="cancellation">Ends it between two permutations.</param>
    /// <exception cref="DataFormatException">A column is missing or holds what it must not, or no row has a label.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IReadOnlyList<ColumnImportance> Importance(Table table, int permutations = 5, int seed = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        Table labeled = Labeled(table);
        int rows = labeled.RowCount, width = Features.FeatureCount;
        float[] features = Features.Encode<float>(labeled), targets = Target.Encode<float>(labeled), shuffled = [.. features];
        double plain = Evaluation.Measure(Outputs(features, rows), targets, Target).Error;
        (string Column, int Start, int Count, double[] Increases)[] columns = [.. Features.Places.Select(place => (place.Column, place.Start, place.Count, new double[permutations]))];
        for (int k = 0; k < permutations; k++)
        {
            // The same for every column.
            int[] order = ShuffledOrder.Of(rows, seed, k);
            foreach ((_, int start, int count, double[] increases) in columns)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int row = 0; row < rows; row++)
                    features.AsSpan((order[row] * width) + start, count).CopyTo(shuffled.AsSpan((row * width) + start));
                increases[k] = Evaluation.Measure(Outputs(shuffled, rows), targets, Target).Error - plain;
                for (int row = 0; row < rows; row++)
                    features.AsSpan((row * width) + start, count).CopyTo(shuffled.AsSpan((row * width) + start));
            }
        }
        return [.. columns.Select(column => new ColumnImportance(column.Column, column.Increases)).OrderByDescending(column => column.Mean)];
    }

    /// <summary>What the model predicts on average where a column has one value in all rows.</summary>
    /// <param name="table">The rows over which the mean is taken; labels are not needed.</param>
    /// <param name="column">One of the columns that the model looks at.</param>
    /// <param name="points">How many values of a column of numbers, at least 2: the quantiles from 0.05 to 0.95 of those in the table. Default 20. Of texts all that training met.</param>
    /// <param name="cancellation">Ends it between two values.</param>
    /// <exception cref="DataFormatException">A column is missing or holds what it must not, has no value at all, or the model does not look at it.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public PartialDependence PartialDependence(Table table, string column, int points = 20, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (!Features.Places.Any(place => place.Column == column))
            throw new DataFormatException($"the model looks at no column '{column}'. It looks at {string.Join(", ", Features.Columns)}.", table.Source, column: column);
        (_, int start, int count) = Features.Places.Single(place => place.Column == column);
        TableColumn values = Features.Values(table, column, points);
        float[] features = Features.Encode<float>(table), replaced = Features.EncodeOnly<float>(values);
        int width = Features.FeatureCount;
        List<double[]> means = [];
        for (int value = 0; value < values.Count; value++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int row = 0; row < table.RowCount; row++)
                replaced.AsSpan((value * width) + start, count).CopyTo(features.AsSpan((row * width) + start));
            means.Add(MeanPrediction(Outputs(features, table.RowCount), table.RowCount));
        }
        return new(column, values.IsNumeric ? values.Numbers.ToArray() : [], [.. Enumerable.Range(0, values.Count).Select(i => values.TextAt(i)!)], ExplainedOutputs, means);
    }

    private IReadOnlyList<string> ExplainedOutputs => Target.ClassNames.Count switch
    {
        0 => [Target.LabelColumn],
        2 => [Target.ClassNames[1]],
        _ => Target.ClassNames,
    };

    private double[] MeanPrediction(double[] outputs, int rows)
    {
        int classes = Target.ClassNames.Count;
        if (classes == 0)
            return [outputs.Average()];
        double[] probabilities = Probabilities.FromOutputs(outputs, Architecture.Outputs), means = new double[classes];
        for (int i = 0; i < probabilities.Length; i++)
            means[i % classes] += probabilities[i] / rows;
        return classes == 2 ? means[1..] : means;
    }
}
