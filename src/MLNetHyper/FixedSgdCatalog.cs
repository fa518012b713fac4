using MLNetHyper;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace Microsoft.ML;

/// <summary>Trainers of networks with fixed hyperparameters, where ML.NET users look for them: <c>mlContext.Regression.Trainers</c> and its siblings.</summary>
public static class FixedSgdCatalog
{
    // Options create their trainer, so that the runtime looks for what may be missing in Microsoft.ML only after the bridge has checked it.

    /// <summary>Creates a trainer of networks for regression with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/fixed-values/*"/>
    /// <include file="Documentation.xml" path="docs/regression-fixedsgd-values/*"/>
    public static FixedSgdRegressionTrainer FixedSgd(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double? learningRate = null,
        double? momentum = null,
        double? weightDecay = null,
        long? steps = null) =>
        catalog.FixedSgd(With<FixedSgdRegressionTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, momentum, weightDecay, steps));

    /// <summary>Creates a trainer of networks for regression with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/regression-fixedsgd-options/*"/>
    public static FixedSgdRegressionTrainer FixedSgd(this RegressionCatalog.RegressionTrainers catalog, FixedSgdRegressionTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    /// <summary>Creates a trainer of networks for binary classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/fixed-values/*"/>
    /// <include file="Documentation.xml" path="docs/binary-fixedsgd-values/*"/>
    public static FixedSgdBinaryTrainer FixedSgd(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double? learningRate = null,
        double? momentum = null,
        double? weightDecay = null,
        long? steps = null) =>
        catalog.FixedSgd(With<FixedSgdBinaryTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, momentum, weightDecay, steps));

    /// <summary>Creates a trainer of networks for binary classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/binary-fixedsgd-options/*"/>
    public static FixedSgdBinaryTrainer FixedSgd(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, FixedSgdBinaryTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    /// <summary>Creates a trainer of networks for multiclass classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/fixed-values/*"/>
    /// <include file="Documentation.xml" path="docs/multiclass-fixedsgd-values/*"/>
    public static FixedSgdMulticlassTrainer FixedSgd(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        double? learningRate = null,
        double? momentum = null,
        double? weightDecay = null,
        long? steps = null) =>
        catalog.FixedSgd(With<FixedSgdMulticlassTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, momentum, weightDecay, steps));

    /// <summary>Creates a trainer of networks for multiclass classification with hyperparameters that stay what they are.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/multiclass-fixedsgd-options/*"/>
    public static FixedSgdMulticlassTrainer FixedSgd(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, FixedSgdMulticlassTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    private static TOptions With<TOptions>(
        string label, string features, string? weight, IReadOnlyList<int>? hiddenLayers, double? learningRate, double? momentum, double? weightDecay, long? steps) where TOptions : FixedSgdOptions, new() => new()
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weight,
            HiddenLayers = hiddenLayers ?? OnePassOptions.Defaults.HiddenLayers,
            LearningRate = learningRate,
            Momentum = momentum,
            WeightDecay = weightDecay,
            Steps = steps,
        };
}
