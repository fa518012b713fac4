namespace MLNetHyper.Engine;

/// <summary>
/// Counts all work in gradient evaluations: one is a forward and a backward pass over one training batch. A forward pass alone
/// counts a third; a Hessian product two and a Gauss-Newton product one and a half (methods' usual cost model, and more than
/// this engine's products take); a batch of another size counts in proportion.
/// </summary>
/// <param name="batchSize">Examples of a training batch of one network.</param>
/// <param name="networks">How many networks compute on batches of their own.</param>
/// <param name="parts">Among how many workers a batch is divided. Each counts as if it were all of them: their parts are nearly equal.</param>
internal sealed class WorkMeter(int batchSize, int networks = 1, int parts = 1)
{
    internal double GradientEvaluations;

    internal void AddGradient(int examples) => GradientEvaluations += (double)examples * parts / batchSize;

    internal void AddForward(int examples) => GradientEvaluations += (double)examples * parts / batchSize / 3;

    internal void AddProducts(Curvature curvature, int count, double fraction) =>
        GradientEvaluations += networks * count * fraction * (curvature == Curvature.Hessian ? 2 : 1.5);
}
