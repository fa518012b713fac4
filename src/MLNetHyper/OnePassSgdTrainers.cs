using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Trains a network that tunes its own hyperparameters, for regression.</summary>
public sealed class OnePassSgdRegressionTrainer : BridgedRegressionTrainer<OnePassRegressionModelParameters>
{
    internal OnePassSgdRegressionTrainer(IHostEnvironment environment, string label, string features, string? weight) : base(environment, nameof(OnePassSgdRegressionTrainer), label, features, weight)
    {
    }

    /// <inheritdoc/>
    protected override OnePassRegressionModelParameters Train(IDataView training, IDataView? validation, OnePassRegressionModelParameters? initial) =>
        new(Environment, TrainingData.Train(TrainingData.Read<float>(training, FeatureColumn.Name, LabelColumn.Name, y => y), LearningTask.Regression));
}

/// <summary>Trains a network that tunes its own hyperparameters, for two classes.</summary>
public sealed class OnePassSgdBinaryTrainer : BridgedBinaryTrainer<OnePassBinaryModelParameters>
{
    internal OnePassSgdBinaryTrainer(IHostEnvironment environment, string label, string features, string? weight) : base(environment, nameof(OnePassSgdBinaryTrainer), label, features, weight)
    {
    }

    /// <inheritdoc/>
    protected override OnePassBinaryModelParameters Train(IDataView training, IDataView? validation, OnePassBinaryModelParameters? initial) =>
        new(Environment, TrainingData.Train(TrainingData.Read<bool>(training, FeatureColumn.Name, LabelColumn.Name, y => y ? 1 : 0), LearningTask.Binary));
}

/// <summary>Trains a network that tunes its own hyperparameters, for several classes.</summary>
public sealed class OnePassSgdMulticlassTrainer : BridgedMulticlassTrainer<OnePassMulticlassModelParameters>
{
    internal OnePassSgdMulticlassTrainer(IHostEnvironment environment, string label, string features, string? weight) : base(environment, nameof(OnePassSgdMulticlassTrainer), label, features, weight)
    {
    }

    /// <inheritdoc/>
    protected override OnePassMulticlassModelParameters Train(IDataView training, IDataView? validation, OnePassMulticlassModelParameters? initial) =>
        new(Environment, TrainingData.Train(TrainingData.Read<uint>(training, FeatureColumn.Name, LabelColumn.Name, y => y - 1.0), LearningTask.Multiclass));
}
