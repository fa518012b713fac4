namespace MLNetHyper.Engine.Tests;

/// <summary>One trained model of each task, made once for all tests.</summary>
internal static class TrainedModels
{
    private static readonly Dictionary<LearningTask, Lazy<OnePassModel>> _models = Enum.GetValues<LearningTask>().ToDictionary(t => t, t => new Lazy<OnePassModel>(() => Train(t)));

    internal static OnePassModel Of(LearningTask task) => _models[task].Value;

    internal static double[] Numbers(Predictions predictions) => [.. predictions.Values, .. predictions.Probabilities];

    private static OnePassModel Train(LearningTask task) =>
        OnePass.Train(TrainingTables.Create(task), TrainingTables.Options, new() { HiddenLayers = [4], Steps = 200, Members = 1 }).Model;
}
