namespace MLNetHyper.Engine.Tests;

/// <summary>A stranger's search: the center of the space first, then half the learning rate of the best so far.</summary>
internal sealed class HalvingSearch(string name = "halving") : TrialSearch(name, guard: false)
{
    protected override void Conduct(TrialSession session)
    {
        SearchPoint best = session.Space.At(0.5, 0.5, 0.5), next = best;
        double lowest = double.PositiveInfinity;
        while (session.Tried < session.Trials)
        {
            double loss = session.Evaluate(next);
            if (loss < lowest)
                (lowest, best) = (loss, next);
            // Seeds differ in the settings too, not only in the rows.
            next = best with { LearningRate = next.LearningRate / 2, WeightDecay = best.WeightDecay * (1 + (session.Seed / 10.0)) };
        }
    }
}

/// <summary>A search that does what a test says.</summary>
internal sealed class ScriptedSearch(Action<TrialSession> script, bool guard = false) : TrialSearch("scripted", guard)
{
    protected override void Conduct(TrialSession session) => script(session);
}
