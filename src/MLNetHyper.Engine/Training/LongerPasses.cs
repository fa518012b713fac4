namespace MLNetHyper.Engine;

/// <summary>
/// What time alone buys: passes of which each is about twice as long as the one before, on a schedule of its own, until the time is spent or a longer one is no better on the validation rows. The best of
/// them is kept.
/// </summary>
internal static class LongerPasses
{
    private const double Growth = 2;

    // A pass that is hardly longer is not worth its time.
    private const double LeastGrowth = 1.5;

    // Of the time that is left when the last pass begins: how fast the next steps will be is a guess.
    private const double ShareOfTheRest = 0.95;

    /// <summary>Trains.</summary>
    /// <param name="run">Trains once, from the beginning.</param>
    /// <param name="loop">What each is told, with the whole time budget.</param>
    /// <param name="steps">Weight steps of the first.</param>
    /// <returns>The best pass, with the work and the time of all.</returns>
    internal static LoopResult<TVector> Run<TVector>(Func<LoopOptions, LoopResult<TVector>> run, LoopOptions loop, long steps) where TVector : class, IVector<TVector>
    {
        TimeSpan left = loop.TimeBudget!.Value;
        LoopResult<TVector> last = run(loop with { Steps = steps }), best = last;
        double work = last.GradientEvaluations;
        TimeSpan elapsed = last.Elapsed;
        TrainingStatus status = last.Status;
        while (last.Status == TrainingStatus.Completed)
        {
            left -= last.Elapsed;
            double growth = left / last.Elapsed;
            // Two more passes, or one that takes what is left.
            growth = growth < Growth * (1 + Growth) ? growth * ShareOfTheRest : Growth;
            if (!(growth >= LeastGrowth))
            {
                status = TrainingStatus.TimeBudgetSpent;
                break;
            }
            last = run(loop with { Steps = (long)(last.Steps * growth), TimeBudget = left });
            work += last.GradientEvaluations;
            elapsed += last.Elapsed;
            status = last.Status;
            if (ValidationLoss(last) < ValidationLoss(best))
                best = last;
            else if (status is TrainingStatus.Completed or TrainingStatus.Diverged)
            {
                status = TrainingStatus.StoppedEarly;
                break;
            }
        }
        return best with { Status = status, GradientEvaluations = work, Elapsed = elapsed };
    }

    private static double ValidationLoss<TVector>(LoopResult<TVector> result) where TVector : class, IVector<TVector> => result.Models.Average(model => model.BestValidationLoss);
}
