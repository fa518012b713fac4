namespace MLNetHyper.Engine;

/// <summary>One hyperparameter step after every window, along the hypergradients of the validation loss (Clarke et al. 2022, algorithm 1).</summary>
/// <param name="state">What is trained.</param>
/// <param name="estimator">Estimates hypergradients.</param>
/// <param name="validation">The loss that they are of.</param>
/// <param name="options">The meta-optimizer; and whether hypergradients that are not finite are to be held back, as the guard does.</param>
/// <param name="steps">Has a vector that is free between steps, and the observer.</param>
internal sealed class TuneEachWindow<TVector>(RunState<TVector> state, HypergradientEstimator<TVector> estimator, Validation<TVector> validation, LoopOptions options, WeightSteps<TVector> steps)
    : WindowPolicy<TVector> where TVector : class, IVector<TVector>
{
    private readonly AveragingArchive? _workers = options.Workers.Count > 1 ? new(options.Workers) : null;
    private readonly Action<StateArchive> _hypergradients = state.Hyperparameters.SerializeHypergradients;

    internal override void Measure(Window window)
    {
        if (window.HasFallenWhole)
            return;
        validation.Gradient(state.Averaged, state.Step, steps.Spare, window.ValidationLosses);
        state.Hyperparameters.ClearHypergradients();
        validation.AddDirectHypergradients();
        estimator.Estimate(steps.Spare, state.Weights);
        _workers?.Average(_hypergradients);
        state.Hyperparameters.ApplyChainRule();
        for (int k = 0; k < window.Frozen.Length; k++)
        {
            window.Frozen[k] = window.Fallen[k] || (options.Guard && !state.Hyperparameters.HasFiniteHypergradients(k));
            if (window.Fallen[k])
                state.Hyperparameters.ClearHypergradients(k);
        }
    }

    internal override void Act(Window window)
    {
        if (window.HasFallenWhole)
            return;
        for (int k = 0; k < window.Frozen.Length; k++)
        {
            if (window.Frozen[k] && !window.Fallen[k])
                estimator.Reset(state.Models, k);
        }
        if (!window.Frozen.AsSpan().Contains(false))
            return;
        state.Hyperparameters.Move(options.MetaOptimizer, window.Frozen);
        steps.Observer?.OnHyperparametersMoved(state.Hyperparameters);
        state.Hyperparameters.Clamp();
    }
}
