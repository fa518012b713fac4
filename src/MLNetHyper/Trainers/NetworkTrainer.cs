using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

namespace MLNetHyper;

/// <summary>What the trainers of networks have in common, whatever their task.</summary>
/// <typeparam name="TTransformer">ML.NET's transformer for the task.</typeparam>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class NetworkTrainer<TTransformer, TModel> : BridgedTrainer<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel> where TModel : class, INetworkModelParameters
{
    private readonly NetworkTask<TTransformer, TModel> _task;
    private readonly NetworkTrainerOptions _options;

    private protected NetworkTrainer(IHostEnvironment environment, string name, NetworkTask<TTransformer, TModel> task, NetworkTrainerOptions options)
        : base(environment, name, task.Bridged, options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName)
    {
        options.Check();
        (_task, _options) = (task, options);
    }

    /// <summary>Trains on one set of rows and validates on another, in place of a share of the first.</summary>
    /// <param name="trainData">The rows that the weights learn from.</param>
    /// <param name="validationData">The rows that the hyperparameters learn from, and the weights are chosen by, with the same columns; null to take a share of the training rows.</param>
    /// <param name="previousModel">A model of the same shape to go on from: its weights, and, where they are tuned, the hyperparameters that belong to them. Default: none.</param>
    /// <exception cref="InvalidOperationException">The data have no valid rows, or the previous model does not fit.</exception>
    public TTransformer Fit(IDataView trainData, IDataView? validationData, TModel? previousModel = null) => FitWith(trainData, validationData, previousModel);

    /// <inheritdoc/>
    protected sealed override TModel Train(TrainingInput<TModel> input) => _task.Wrap(Environment, NetworkTraining.Train(
        input.Training, input.Validation, input.Initial?.Network,
        _task.Loss, _task.CountOutputs(input.ClassCount), _options, _options.Seed ?? ContextSeed, input.Log));
}
