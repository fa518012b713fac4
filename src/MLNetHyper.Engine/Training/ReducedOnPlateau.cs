namespace MLNetHyper.Engine;

/// <summary>
/// Divides the learning rate by ten whenever the validation loss has stopped improving, with the defaults of PyTorch's <c>ReduceLROnPlateau</c> counted in measurements: <see cref="LearningRateSchedule.ReduceOnPlateau"/>.
/// </summary>
/// <param name="inner">The policy inside, which has measured the loss.</param>
/// <param name="state">What is trained.</param>
/// <param name="validation">Knows when it was measured.</param>
internal sealed class ReducedOnPlateau<TVector>(WindowPolicy<TVector> inner, RunState<TVector> state, Validation<TVector> validation) : WindowWrapper<TVector>(inner)
    where TVector : class, IVector<TVector>
{
    private const double Reduction = 0.1;
    private const double Threshold = 1e-4;
    private const double LeastFactor = 1e-8;
    private const int Patience = 10;

    private readonly HyperparameterValue<TVector>? _learningRate = state.Hyperparameters.FirstOrDefault(h => h.Definition.Name == Hyperparameter.LearningRate);
    private double _factor = 1;
    private double _lowest = double.PositiveInfinity;
    private int _waited;

    internal override void BeginRun()
    {
        base.BeginRun();
        StartAgain();
    }

    /// <summary>Forgets the losses so far, which are of weights that are gone.</summary>
    internal void StartAgain() => (_factor, _lowest, _waited) = (1, double.PositiveInfinity, 0);

    internal override void BeginWindow()
    {
        base.BeginWindow();
        _learningRate?.SetFactor(_factor);
    }

    internal override void Act(Window window)
    {
        base.Act(window);
        // Between two measurements the last loss stands there again.
        if (validation.MeasuredAt != state.Step)
            return;
        double loss = MeanOf(window.ValidationLosses);
        if (loss < _lowest * (1 - Threshold))
        {
            (_lowest, _waited) = (loss, 0);
            return;
        }
        if (++_waited <= Patience)
            return;
        (_factor, _waited) = (Math.Max(LeastFactor, Reduction * _factor), 0);
    }

    internal override void Serialize(StateArchive archive)
    {
        base.Serialize(archive);
        archive.Value(ref _factor);
        archive.Value(ref _lowest);
        archive.Value(ref _waited);
    }

    /// <summary>Over the models that are well; NaN where none is.</summary>
    private static double MeanOf(ReadOnlySpan<double> losses)
    {
        double sum = 0;
        int count = 0;
        foreach (double loss in losses)
        {
            if (double.IsFinite(loss))
                (sum, count) = (sum + loss, count + 1);
        }
        return sum / count;
    }
}
