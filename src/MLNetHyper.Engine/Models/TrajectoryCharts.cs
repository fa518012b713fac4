namespace MLNetHyper.Engine;

/// <summary>Pictures of what happened during a run: its losses, its hyperparameters, their hypergradients.</summary>
public static class TrajectoryCharts
{
    private const string XLabel = "weight steps";

    /// <summary>Training and validation loss over the steps.</summary>
    public static LineChart Losses(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string loss = model.Architecture.Loss == Loss.SquaredError ? "Mean squared errors of the standardized label" : "Log-losses";
        return Losses(model.Training.Trajectory, loss);
    }

    /// <summary>One picture for each hyperparameter that was tuned.</summary>
    public static IReadOnlyList<LineChart> Hyperparameters(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        TrainingRecord training = model.Training;
        return [.. training.TunedHyperparameters.Select(name => Hyperparameter(name, training.Trajectory, training.InitialHyperparameters[name]))];
    }

    /// <summary>The norms of the hypergradients of what was tuned.</summary>
    public static LineChart Hypergradients(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Trajectory trajectory = model.Training.Trajectory;
        var chart = new LineChart("Hypergradients", "Norms of the validation loss's derivatives by the raw hyperparameters (decades for lr and wd, logits for the others). Small ones mean that the value hardly matters, is near its best, or that the learning rate is so small that nothing does.") { XLabel = XLabel, YLabel = "norm", YScale = AxisScale.Logarithmic };
        foreach (string name in model.Training.TunedHyperparameters)
            chart.Add(new LineSeries(name, Steps(trajectory), trajectory.HypergradientNorms(name)));
        return chart;
    }

    internal static LineChart Losses(Trajectory trajectory, string loss)
    {
        double[] steps = Steps(trajectory);
        return new LineChart("Losses", $"{loss}. Where the validation loss rises while the training loss still falls, the network learns noise; the weights of the lowest validation loss are kept.") { XLabel = XLabel, YLabel = "loss", YScale = AxisScale.Logarithmic }
            .Add(new LineSeries("training", steps, trajectory.TrainingLosses))
            .Add(new LineSeries("validation", steps, trajectory.ValidationLosses));
    }

    /// <summary>One picture for each hyperparameter that moved, from what the first window ran with.</summary>
    internal static IReadOnlyList<LineChart> Hyperparameters(Trajectory trajectory) =>
        [.. trajectory.Names.Where(name => trajectory.Values(name).Distinct().Skip(1).Any()).Select(name => Hyperparameter(name, trajectory, trajectory.Values(name)[0]))];

    private static LineChart Hyperparameter(string name, Trajectory trajectory, double initial)
    {
        bool logarithmic = name is Engine.Hyperparameter.LearningRate or Engine.Hyperparameter.WeightDecay;
        return new LineChart(Title(name), "The dashed line is the value that it started from.") { XLabel = XLabel, YLabel = name, YScale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear }
            .Add(new LineSeries(name, Steps(trajectory), trajectory.Values(name)))
            .Reference(initial, "initial");
    }

    private static double[] Steps(Trajectory trajectory) => [.. trajectory.Steps.Select(step => (double)step)];

    private static string Title(string name) => name switch
    {
        Engine.Hyperparameter.LearningRate => "Learning rate",
        Engine.Hyperparameter.WeightDecay => "Weight decay",
        Engine.Hyperparameter.Momentum => "Momentum",
        _ => name,
    };
}
