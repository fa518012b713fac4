namespace MLNetHyper.Engine;

/// <summary>From losses to errors that users know: root mean squared error in the label's units, or log-loss.</summary>
internal sealed class Errors(Loss loss, double labelScale)
{
    internal double Of(NetworkObjective<float> objective, DenseVector<float> weights, Examples<float> examples)
    {
        Batch all = objective.CreateBatchSource(examples, examples.Count, shuffleSeed: null, retained: 1).BatchAt(0);
        return FromLoss(objective.CreateLinearization(withProducts: false).Loss(weights, all));
    }

    /// <summary>One entry for every epoch, or for every point of the trajectory where a point stands for several epochs.</summary>
    internal EpochErrors[] ByEpoch(Trajectory trajectory, int rows, int batchSize)
    {
        long stepsPerEpoch = (rows + batchSize - 1L) / batchSize;
        var epochs = new List<EpochErrors>();
        double sum = 0;
        int points = 0;
        for (int i = 0; i < trajectory.Count; i++)
        {
            sum += trajectory.TrainingLosses[i];
            points++;
            long step = trajectory.Steps[i];
            bool last = i == trajectory.Count - 1;
            if (!last && Epoch(trajectory.Steps[i + 1]) == Epoch(step))
                continue;
            epochs.Add(new(Epoch(step), step, FromLoss(sum / points), FromLoss(trajectory.ValidationLosses[i])));
            (sum, points) = (0, 0);
        }
        return [.. epochs];

        long Epoch(long step) => (step + stepsPerEpoch - 1) / stepsPerEpoch;
    }

    private double FromLoss(double value) => loss == Loss.SquaredError ? Math.Sqrt(value) * labelScale : value;
}
