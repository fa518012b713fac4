namespace MLNetHyper.Engine;

/// <summary>
/// What happens from window to window. Policies tune hyperparameters, follow a schedule or leave all as it is, and wrap each other:
/// one watches for divergence, one keeps the best weights, whatever is inside.
/// </summary>
internal abstract class WindowPolicy<TVector> where TVector : class, IVector<TVector>
{
    /// <summary>Before the first step of a run that starts at the beginning.</summary>
    internal virtual void BeginRun() { }

    /// <summary>Before a window's first step.</summary>
    internal virtual void BeginWindow() { }

    /// <summary>After its last step: measures losses and hypergradients. Weights and hyperparameters stay as they are, to be noted.</summary>
    internal virtual void Measure(Window window) { }

    /// <summary>Then: changes weights and hyperparameters for the windows to come.</summary>
    internal virtual void Act(Window window) { }

    /// <summary>Says whether, and as what, the run has come to its end.</summary>
    internal virtual TrainingStatus? Verdict => null;

    /// <summary>After the last step of a run that took all its steps.</summary>
    internal virtual void EndRun() { }

    /// <summary>The state that it carries from window to window.</summary>
    internal virtual void Serialize(StateArchive archive) { }
}

/// <summary>A policy around another one.</summary>
/// <param name="inner">What it wraps.</param>
internal abstract class WindowWrapper<TVector>(WindowPolicy<TVector> inner) : WindowPolicy<TVector> where TVector : class, IVector<TVector>
{
    internal override void BeginRun() => inner.BeginRun();

    internal override void BeginWindow() => inner.BeginWindow();

    internal override void Measure(Window window) => inner.Measure(window);

    internal override void Act(Window window) => inner.Act(window);

    internal override TrainingStatus? Verdict => inner.Verdict;

    internal override void EndRun() => inner.EndRun();

    internal override void Serialize(StateArchive archive) => inner.Serialize(archive);
}

/// <summary>Leaves the hyperparameters alone, or to a method that moves them at every step.</summary>
internal sealed class NoTuning<TVector> : WindowPolicy<TVector> where TVector : class, IVector<TVector>;
