namespace MLNetHyper.Engine;

/// <summary>Pictures of what happened during a run: its losses, its hyperparameters, their hypergradients. Upright lines say where the weights that were kept are from, and where the run went back because it diverged.</summary>
public static class TrajectoryCharts
{
    private const string XLabel = "weight steps";

    /// <summary>Training and validation loss over the steps.</summary>
    public static LineChart Losses(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string loss = model.Architecture.Loss == Loss.SquaredError ? "Mean squared errors of the standardized label" : "Log-losses";
        return Losses(model.Training.Trajectory, model.Training.BestStep, $"{loss}{OfWhich(model)}");
    }

    /// <summary>One picture for each hyperparameter that was tuned.</summary>
    public static IReadOnlyList<LineChart> Hyperparameters(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        TrainingRecord training = model.Training;
        return [.. training.TunedHyperparameters.Select(name => Hyperparameter(name, training.Trajectory, training.InitialHyperparameters[name], training.BestStep))];
    }

    /// <summary>The norms of the hypergradients of what was tuned.</summary>
    public static LineChart Hypergradients(NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Trajectory trajectory = model.Training.Trajectory;
        string of = HypergradientMethods.All.Any(method => method.Name == model.Training.Method) && !HypergradientMethods.Create(model.Training.Method).UsesValidation
            ? "the training loss's derivatives with respect to the learning rate"
            : "the validation loss's derivatives with respect to the hyperparameters, on the scales that they are tuned on (decades of lr and wd, logits of momenta and shares)";
        var chart = new LineChart("Hypergradients", $"Norms of {of}. Small ones mean that the hyperparameter hardly matters, that it is near its best value, or that the learning rate is so small that nothing matters.") { XLabel = XLabel, YLabel = "norm", YScale = AxisScale.Logarithmic };
        foreach (string name in model.Training.TunedHyperparameters)
            chart.Add(new LineSeries(name, Steps(trajectory), trajectory.HypergradientNorms(name)));
        return WithEvents(chart, trajectory, model.Training.BestStep);
    }

    /// <summary>The hyperparameters that the returned weights were trained with, of those that were tuned.</summary>
    internal static KeyFigure[] OfReturnedWeights(NetworkModel model)
    {
        TrainingRecord training = model.Training;
        string step = $"at step {CompactNumber.Format(training.BestStep)}{(model.Weights.Count > 1 ? ", the first network's best" : "")}";
        return [.. training.TunedHyperparameters.Select(name => new KeyFigure($"{Title(name)} of these weights", CompactNumber.Format(training.BestHyperparameters[name], 3), $"{step}; started at {CompactNumber.Format(training.InitialHyperparameters[name], 3)}"))];
    }

    /// <summary>Of several networks only the first one's losses are kept.</summary>
    private static string OfWhich(NetworkModel model) => model.Weights.Count > 1 ? $", of the first of {model.Weights.Count} networks" : "";

    internal static LineChart Losses(Trajectory trajectory, long bestStep, string loss)
    {
        double[] steps = Steps(trajectory);
        return WithEvents(new LineChart("Losses", $"{loss}. The training loss is that of each step as it is taken; the validation loss is that of the weights to be kept, which are averaged if averaging is on. Where it rises while the training loss still falls, the network overfits; the weights with the lowest validation loss are kept.") { XLabel = XLabel, YLabel = "loss", YScale = AxisScale.Logarithmic }
            .Add(new LineSeries("training", steps, trajectory.TrainingLosses))
            .Add(new LineSeries("validation", steps, trajectory.ValidationLosses)), trajectory, bestStep);
    }

    /// <summary>One picture for each hyperparameter that moved, from what the first window ran with.</summary>
    internal static IReadOnlyList<LineChart> Hyperparameters(Trajectory trajectory, long bestStep) =>
        [.. trajectory.Names.Where(name => trajectory.Values(name).Distinct().Skip(1).Any()).Select(name => Hyperparameter(name, trajectory, trajectory.Values(name)[0], bestStep))];

    private static LineChart Hyperparameter(string name, Trajectory trajectory, double initial, long bestStep)
    {
        string caption = $"The horizontal dashed line is the starting value.{(name == Engine.Hyperparameter.LearningRate ? " If there is a schedule, its factor is included, so that not every move is tuning." : "")}";
        bool logarithmic = name is Engine.Hyperparameter.LearningRate or Engine.Hyperparameter.WeightDecay;
        return WithEvents(new LineChart(Title(name), caption) { XLabel = XLabel, YLabel = name, YScale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear }
            .Add(new LineSeries(name, Steps(trajectory), trajectory.Values(name)))
            .Reference(initial, "initial"), trajectory, bestStep);
    }

    private static LineChart WithEvents(LineChart chart, Trajectory trajectory, long bestStep)
    {
        chart.Event("best step", bestStep);
        double[] rollbacks = [.. trajectory.RollbackSteps.Select(step => (double)step)];
        return rollbacks.Length == 0 ? chart : chart.Event(rollbacks.Length == 1 ? "rollback" : "rollbacks", rollbacks);
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
