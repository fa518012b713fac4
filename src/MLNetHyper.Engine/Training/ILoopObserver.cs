namespace MLNetHyper.Engine;

/// <summary>Sees every step and every hyperparameter step of a loop as they happen. Reference traces are compared through it.</summary>
internal interface ILoopObserver<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>Before each weight step: its training loss, and the weights that it was measured at.</summary>
    void OnStep(long step, double trainingLoss, TVector weights);

    /// <summary>After the meta-optimizer has moved the raw values and before they are clamped.</summary>
    void OnHyperparametersMoved(HyperparameterSet<TVector> hyperparameters);
}
