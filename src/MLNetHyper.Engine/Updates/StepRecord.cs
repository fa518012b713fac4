namespace MLNetHyper.Engine;

/// <summary>One weight step as it happened, kept so that it can be differentiated.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
public sealed class StepRecord<TVector> where TVector : class, IVector<TVector>
{
    internal StepRecord(IObjective<TVector> objective, HyperparameterSet<TVector> hyperparameters, int stateCount, bool isClipped, TVector[] scratch)
    {
        Weights = objective.CreateVector();
        Gradient = objective.CreateVector();
        State = objective.CreateVectors(stateCount);
        NextState = State;
        Scratch = scratch;
        Linearization = objective.CreateTraining(hyperparameters.OfObjective, withProducts: true);
        Unclipped = isClipped ? objective.CreateVector() : Gradient;
    }

    /// <summary>The step's number, from 1.</summary>
    public long Number { get; internal set; }

    /// <summary>The weights before the step.</summary>
    public TVector Weights { get; }

    /// <summary>The state before the step.</summary>
    public TVector[] State { get; }

    /// <summary>The state after the step. Valid until the next step is taken.</summary>
    public TVector[] NextState { get; internal set; }

    /// <summary>The gradient at <see cref="Weights"/>, clipped if gradients are.</summary>
    public TVector Gradient { get; }

    /// <summary>The gradient before it was clipped; the same vector where gradients are not.</summary>
    internal TVector Unclipped { get; }

    /// <summary>The number of vectors in <see cref="Scratch"/>.</summary>
    internal const int ScratchCount = 7;

    /// <summary>Seven vectors for an update rule to overwrite, the same for all records of a run.</summary>
    public TVector[] Scratch { get; }

    /// <summary>The training batch's loss at <see cref="Weights"/>, ready for products.</summary>
    internal ILinearization<TVector> Linearization { get; }
}

internal static class ObjectiveExtensions
{
    internal static TVector[] CreateVectors<TVector>(this IObjective<TVector> objective, int count) where TVector : class, IVector<TVector>
    {
        var vectors = new TVector[count];
        for (int i = 0; i < count; i++)
            vectors[i] = objective.CreateVector();
        return vectors;
    }
}
