namespace MLNetHyper.Engine;

/// <summary>A model's predictions for the rows of a table, in order.</summary>
/// <param name="Task">What was predicted.</param>
/// <param name="Values">Regression: one value per row, in the label's units. Otherwise empty.</param>
/// <param name="ClassNames">Classification: the classes, in the order of the probabilities. Otherwise empty.</param>
/// <param name="Probabilities">Classification: row-major, one column per class, every row summing to 1. Otherwise empty.</param>
public sealed record Predictions(LearningTask Task, IReadOnlyList<double> Values, IReadOnlyList<string> ClassNames, IReadOnlyList<double> Probabilities)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Task == LearningTask.Regression ? Values.Count : Probabilities.Count / ClassNames.Count;

    /// <summary>Classification: the most probable class of a row.</summary>
    public string Class(int row)
    {
        int best = 0;
        for (int c = 1; c < ClassNames.Count; c++)
        {
            if (Probability(row, c) > Probability(row, best))
                best = c;
        }
        return ClassNames[best];
    }

    /// <summary>Classification: the probability of one class in one row.</summary>
    public double Probability(int row, int classIndex) => Probabilities[(row * ClassNames.Count) + classIndex];
}
