using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;
using MLNetHyper;
using MLNetHyper.Bridge;

namespace Microsoft.ML;

/// <summary>Trainers of networks that tune their own hyperparameters, where ML.NET users look for them: <c>mlContext.Regression.Trainers</c> and its siblings.</summary>
public static class OnePassSgdCatalog
{
    // Trainers are created apart, so that the runtime looks for what may be missing in Microsoft.ML only after the bridge has checked it.

    /// <summary>Creates a trainer of networks for regression that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <param name="validationFraction">The share of the rows that the hyperparameters learn from, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static OnePassSgdRegressionTrainer OnePassSgd(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.OnePassSgd(new OnePassSgdRegressionTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            NumberOfSteps = numberOfSteps,
            ValidationFraction = validationFraction,
        });
    }

    /// <summary>Creates a trainer of networks for regression that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static OnePassSgdRegressionTrainer OnePassSgd(this RegressionCatalog.RegressionTrainers catalog, OnePassSgdRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        OnePassSgdRegressionTrainer Create() => new(environment, options);
    }

    /// <summary>Creates a trainer of networks for binary classification that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <param name="validationFraction">The share of the rows that the hyperparameters learn from, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static OnePassSgdBinaryTrainer OnePassSgd(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.OnePassSgd(new OnePassSgdBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            NumberOfSteps = numberOfSteps,
            ValidationFraction = validationFraction,
        });
    }

    /// <summary>Creates a trainer of networks for binary classification that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static OnePassSgdBinaryTrainer OnePassSgd(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, OnePassSgdBinaryTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        OnePassSgdBinaryTrainer Create() => new(environment, options);
    }

    /// <summary>Creates a trainer of networks for multiclass classification that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="hiddenLayers">Units of every hidden layer; empty for a linear model. Default: one layer of 50.</param>
    /// <param name="numberOfSteps">Weight steps, at least 1.</param>
    /// <param name="validationFraction">The share of the rows that the hyperparameters learn from, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static OnePassSgdMulticlassTrainer OnePassSgd(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long numberOfSteps = NetworkTrainerOptions.Defaults.NumberOfSteps,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.OnePassSgd(new OnePassSgdMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? NetworkTrainerOptions.Defaults.HiddenLayers,
            NumberOfSteps = numberOfSteps,
            ValidationFraction = validationFraction,
        });
    }

    /// <summary>Creates a trainer of networks for multiclass classification that tune their own learning rate, momentum and weight decay in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="options">Columns and everything that can be set.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public static OnePassSgdMulticlassTrainer OnePassSgd(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, OnePassSgdMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = CatalogEnvironment.Of(catalog);
        return Create();

        [MethodImpl(MethodImplOptions.NoInlining)]
        OnePassSgdMulticlassTrainer Create() => new(environment, options);
    }
}
