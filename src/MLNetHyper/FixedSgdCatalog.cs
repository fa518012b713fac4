using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;
using MLNetHyper;
using MLNetHyper.Bridge;

namespace Microsoft.ML;

/// <summary>Trainers of networks with fixed hyperparameters, where ML.NET users look for them: <c>mlContext.Regression.Trainers</c> and its siblings.</summary>
public static class FixedSgdCatalog
{
    // Trainers are created apart, so that the runtime looks for what may be missing in Microsoft.ML only after the bridge has checked it.

    /// <summary>Creates a trainer of networks for regression with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="momentum">The momentum, from 0 to below 1.</param>
    /// <param name="weightDecay">The weight decay, 0 or above.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static FixedSgdRegressionTrainer FixedSgd(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double learningRate = NetworkTrainerOptions.Defaults.LearningRate,
        double momentum = NetworkTrainerOptions.Defaults.Momentum,
        double weightDecay = NetworkTrainerOptions.Defaults.WeightDecay,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.FixedSgd(new FixedSgdRegressionTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            LearningRate = learningRate,
            Momentum = momentum,
            WeightDecay = weightDecay,
            NumberOfSteps = numberOfSteps,
        });
    }

    /// <summary>Creates a trainer of networks for regression with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static FixedSgdRegressionTrainer FixedSgd(this RegressionCatalog.RegressionTrainers catalog, FixedSgdRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        FixedSgdRegressionTrainer Create() => new(environment, options);
    }

    /// <summary>Creates a trainer of networks for binary classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="momentum">The momentum, from 0 to below 1.</param>
    /// <param name="weightDecay">The weight decay, 0 or above.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static FixedSgdBinaryTrainer FixedSgd(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double learningRate = NetworkTrainerOptions.Defaults.LearningRate,
        double momentum = NetworkTrainerOptions.Defaults.Momentum,
        double weightDecay = NetworkTrainerOptions.Defaults.WeightDecay,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.FixedSgd(new FixedSgdBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            LearningRate = learningRate,
            Momentum = momentum,
            WeightDecay = weightDecay,
            NumberOfSteps = numberOfSteps,
        });
    }

    /// <summary>Creates a trainer of networks for binary classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static FixedSgdBinaryTrainer FixedSgd(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, FixedSgdBinaryTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        FixedSgdBinaryTrainer Create() => new(environment, options);
    }

    /// <summary>Creates a trainer of networks for multiclass classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="momentum">The momentum, from 0 to below 1.</param>
    /// <param name="weightDecay">The weight decay, 0 or above.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static FixedSgdMulticlassTrainer FixedSgd(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double learningRate = NetworkTrainerOptions.Defaults.LearningRate,
        double momentum = NetworkTrainerOptions.Defaults.Momentum,
        double weightDecay = NetworkTrainerOptions.Defaults.WeightDecay,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.FixedSgd(new FixedSgdMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            LearningRate = learningRate,
            Momentum = momentum,
            WeightDecay = weightDecay,
            NumberOfSteps = numberOfSteps,
        });
    }

    /// <summary>Creates a trainer of networks for multiclass classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static FixedSgdMulticlassTrainer FixedSgd(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, FixedSgdMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        FixedSgdMulticlassTrainer Create() => new(environment, options);
    }
}
