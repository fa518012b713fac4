namespace MLNetHyper.Engine;

/// <summary>Gives every window the hyperparameters that a schedule has for it. Where the guard has halved the learning rate, it stays so much lower.</summary>
internal sealed class FollowSchedule<TVector>(RunState<TVector> state, Trajectory schedule) : WindowPolicy<TVector> where TVector : class, IVector<TVector>
{
    private int _window;
    private int _rollbacks;

    internal override void BeginWindow()
    {
        // By steps, not by counting: a window that was undone may have been shorter than the others.
        while (_window < schedule.Count - 1 && schedule.Steps[_window] <= state.Step)
            _window++;
        for (int i = 0; i < state.Hyperparameters.Count; i++)
        {
            HyperparameterValue<TVector> value = state.Hyperparameters[i];
            double share = value.Definition.Name == Hyperparameter.LearningRate ? Math.Pow(0.5, _rollbacks) : 1;
            value.SetRaw(value.Definition.Transform.ToRaw(share * schedule.ValueAt(i, _window)));
        }
    }

    internal override void Act(Window window)
    {
        if (window.HasFallenWhole)
            _rollbacks++;
    }

    internal override void Serialize(StateArchive archive) => archive.Value(ref _rollbacks);
}
