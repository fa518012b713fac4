using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>What the trainers of networks for regression have in common.</summary>
public abstract class NetworkRegressionTrainer : BridgedRegressionTrainer<OnePassRegressionModelParameters>
{
    private readonly NetworkTrainerOptions _options;

    private protected NetworkRegressionTrainer(IHostEnvironment environment, string name, NetworkTrainerOptions options)
        : base(environment, name, options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName)
    {
        options.Check();
        _options = options;
    }

    /// <summary>Trains on one set of rows and validates on another, in place of a share of the first.</summary>
    /// <param name="trainData">The rows that the weights learn from.</param>
    /// <param name="validationData">The rows that the hyperparameters learn from, and the weights are chosen by, with the same columns; null to take a share of the training rows.</param>
    /// <param name="previousModel">A model of the same shape to go on from: its weights, and, where they are tuned, the hyperparameters that belong to them. Default: none.</param>
    /// <exception cref="InvalidOperationException">The data have no valid rows, or the previous model does not fit.</exception>
    public RegressionPredictionTransformer<OnePassRegressionModelParameters> Fit(IDataView trainData, IDataView? validationData, OnePassRegressionModelParameters? previousModel = null) =>
        FitWith(trainData, validationData, previousModel);

    /// <inheritdoc/>
    protected sealed override OnePassRegressionModelParameters Train(TrainingInput<OnePassRegressionModelParameters> input)
    {
        (TrainedNetwork network, TrainingRecord training) = NetworkTraining.Train(
            input.Training, input.Validation, input.Initial is { } initial ? (initial.Network, initial.Training) : null,
            LearningTask.Regression, outputs: 1, _options, _options.Seed ?? ContextSeed, input.Log);
        return new(Environment, network, training);
    }
}
