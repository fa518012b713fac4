namespace MLNetHyper.Engine;

/// <summary>The objective of independent models of one shape, each of which can be trained by itself and on a thread of its own.</summary>
/// <typeparam name="TVector">The engine's flat vector.</typeparam>
internal interface ISeparableObjective<TVector> : IObjective<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>The objective of any one of the models.</summary>
    IObjective<TVector> OfOne { get; }

    /// <summary>One model's part of a vector of all, in the same memory.</summary>
    TVector PartOf(TVector vector, int model);

    /// <summary>Has an item done for each model, on several threads where that pays.</summary>
    /// <param name="work">One item is one model.</param>
    /// <param name="flops">How many floating-point operations all items take together.</param>
    void Share(IDividedWork work, double flops);
}
