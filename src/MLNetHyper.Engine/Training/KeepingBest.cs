namespace MLNetHyper.Engine;

/// <summary>Keeps the weights with the lowest validation loss, and ends a run that has not improved on them for long.</summary>
internal sealed class KeepingBest<TVector>(WindowPolicy<TVector> inner, RunState<TVector> state, Validation<TVector> validation, long? patience)
    : WindowWrapper<TVector>(inner) where TVector : class, IVector<TVector>
{
    internal BestWeights<TVector> Best { get; } = new(state.Weights, state.Models);

    internal override TrainingStatus? Verdict =>
        validation.MeasuredAt - Best.LatestStep >= patience ? TrainingStatus.StoppedEarly : base.Verdict;

    internal override void BeginRun()
    {
        base.BeginRun();
        Best.Begin();
        validation.Begin();
    }

    internal override void Measure(Window window)
    {
        base.Measure(window);
        if (window.HasFallenWhole)
            return;
        validation.FullLosses(state.Averaged, state.Step, window.ValidationLosses);
        for (int k = 0; k < window.Fallen.Length; k++)
        {
            if (window.Fallen[k])
                window.ValidationLosses[k] = double.NaN;
        }
        Best.Offer(window.ValidationLosses, state.Averaged, state.Step);
    }

    /// <summary>Measures the current weights, whose losses count like any others.</summary>
    internal double[] MeasureNow()
    {
        double[] losses = [.. validation.Measure(state.Averaged, state.Step)];
        Best.Offer(losses, state.Averaged, state.Step);
        return losses;
    }

    /// <summary>Measures other weights of some models, which count as well.</summary>
    internal void Offer(TVector weights, bool[] models)
    {
        double[] losses = new double[models.Length];
        validation.Losses(weights, losses);
        for (int k = 0; k < losses.Length; k++)
        {
            if (!models[k])
                losses[k] = double.NaN;
        }
        Best.Offer(losses, weights, state.Step);
    }

    internal override void Serialize(StateArchive archive)
    {
        base.Serialize(archive);
        Best.Serialize(archive);
        validation.Serialize(archive);
    }
}
