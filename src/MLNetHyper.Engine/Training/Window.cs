namespace MLNetHyper.Engine;

/// <summary>The T weight steps between two hyperparameter steps, and what became of each of the models in them.</summary>
/// <param name="models">How many models there are.</param>
internal sealed class Window(int models)
{
    /// <summary>The mean training losses.</summary>
    internal double[] TrainingLosses { get; } = new double[models];

    /// <summary>The validation losses, as far as they have been measured; NaN where they have not.</summary>
    internal double[] ValidationLosses { get; } = new double[models];

    /// <summary>Which models have diverged in it.</summary>
    internal bool[] Fallen { get; } = new bool[models];

    /// <summary>Which models' hyperparameters stay as they are.</summary>
    internal bool[] Frozen { get; } = new bool[models];

    internal bool HasFallenWhole => !Fallen.AsSpan().Contains(false);

    internal void Begin(LossSum losses, int steps)
    {
        losses.CopyTo(TrainingLosses);
        for (int k = 0; k < TrainingLosses.Length; k++)
            TrainingLosses[k] /= steps;
        Array.Fill(ValidationLosses, double.NaN);
        Array.Clear(Fallen);
        Array.Clear(Frozen);
    }
}
