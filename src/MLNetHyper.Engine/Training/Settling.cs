namespace MLNetHyper.Engine;

/// <summary>
/// Takes a tuned learning rate that starts far from the rule's own value there early in the run, decade by decade, and from above starts the weights again then. Hypergradients of single steps do not see what
/// long steps do to a network: units die, weights grow, and neither comes back with shorter steps.
/// </summary>
/// <param name="inner">The policy inside.</param>
/// <param name="learningRate">What starts elsewhere.</param>
/// <param name="share">The share of the run that is done.</param>
/// <param name="startAgain">Takes weights and the rule's state back to where they began.</param>
internal sealed class Settling<TVector>(WindowPolicy<TVector> inner, HyperparameterValue<TVector> learningRate, Func<double> share, Action startAgain) : WindowWrapper<TVector>(inner)
    where TVector : class, IVector<TVector>
{
    /// <summary>Which share of a run that takes. What a start is worth that is known to be far off: little.</summary>
    internal const double SettlingShare = 0.05;

    private bool _hasSettled;

    internal override void BeginWindow()
    {
        base.BeginWindow();
        Hyperparameter definition = learningRate.Definition;
        (double lower, double upper) = definition.Settled!.Value;
        double left = Math.Max(0, 1 - (share() / SettlingShare));
        learningRate.LimitRaw(lower + (left * (definition.Lower - lower)), upper + (left * (definition.Upper - upper)));
        if (left > 0 || _hasSettled)
            return;
        if (definition.Transform.ToRaw(definition.Initial) > upper)
            startAgain();
        _hasSettled = true;
    }

    internal override void Serialize(StateArchive archive)
    {
        base.Serialize(archive);
        archive.Value(ref _hasSettled);
    }
}
