using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>The loss of a model that gives every row the same answer, the best one: what a network must be better than to have learned anything.</summary>
internal static class ConstantLoss
{
    internal static double Of(Examples<float> examples, Architecture architecture)
    {
        double[] sums = new double[Math.Max(2, architecture.Outputs)];
        double total = 0, sum = 0, squares = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            double weight = examples.Weights?[i] ?? 1, target = examples.Targets[i];
            total += weight;
            sum += weight * target;
            squares += weight * target * target;
            if (architecture.Loss != Loss.SquaredError)
                sums[(int)target] += weight;
        }
        return architecture.Loss == Loss.SquaredError
            ? Math.Max(0, (squares / total) - (sum / total * (sum / total)))
            : -sums.Where(s => s > 0).Sum(s => s / total * Math.Log(s / total));
    }
}
