using MLNetHyper;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace Microsoft.ML;

/// <summary>Trainers of networks that tune their own hyperparameters, where ML.NET users look for them: <c>mlContext.Regression.Trainers</c> and its siblings.</summary>
public static class OnePassSgdCatalog
{
    // Options create their trainer, so that the runtime looks for what may be missing in Microsoft.ML only after the bridge has checked it.

    /// <summary>Creates a trainer of networks for regression that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/one-pass-values/*"/>
    /// <include file="Documentation.xml" path="docs/regression-onepasssgd-values/*"/>
    public static OnePassSgdRegressionTrainer OnePassSgd(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long? steps = null,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction) =>
        catalog.OnePassSgd(With<OnePassSgdRegressionTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, steps, validationFraction));

    /// <summary>Creates a trainer of networks for regression that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.Regression</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/regression-onepasssgd-options/*"/>
    public static OnePassSgdRegressionTrainer OnePassSgd(this RegressionCatalog.RegressionTrainers catalog, OnePassSgdRegressionTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    /// <summary>Creates a trainer of networks for binary classification that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/one-pass-values/*"/>
    /// <include file="Documentation.xml" path="docs/binary-onepasssgd-values/*"/>
    public static OnePassSgdBinaryTrainer OnePassSgd(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long? steps = null,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction) =>
        catalog.OnePassSgd(With<OnePassSgdBinaryTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, steps, validationFraction));

    /// <summary>Creates a trainer of networks for binary classification that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.BinaryClassification</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/binary-onepasssgd-options/*"/>
    public static OnePassSgdBinaryTrainer OnePassSgd(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, OnePassSgdBinaryTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    /// <summary>Creates a trainer of networks for multiclass classification that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <include file="Documentation.xml" path="docs/values/*"/>
    /// <include file="Documentation.xml" path="docs/one-pass-values/*"/>
    /// <include file="Documentation.xml" path="docs/multiclass-onepasssgd-values/*"/>
    public static OnePassSgdMulticlassTrainer OnePassSgd(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName,
        string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        long? steps = null,
        double validationFraction = NetworkTrainerOptions.Defaults.ValidationFraction) =>
        catalog.OnePassSgd(With<OnePassSgdMulticlassTrainer.Options>(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, steps, validationFraction));

    /// <summary>Creates a trainer of networks for multiclass classification that tune their own hyperparameters, such as learning rate and weight decay, in one pass.</summary>
    /// <param name="catalog">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <include file="Documentation.xml" path="docs/options/*"/>
    /// <include file="Documentation.xml" path="docs/multiclass-onepasssgd-options/*"/>
    public static OnePassSgdMulticlassTrainer OnePassSgd(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, OnePassSgdMulticlassTrainer.Options options) =>
        options is null ? throw new ArgumentNullException(nameof(options)) : options.Create(CatalogEnvironment.Of(catalog));

    private static TOptions With<TOptions>(
        string label, string features, string? weight, IReadOnlyList<int>? hiddenLayers, long? steps, double validationFraction) where TOptions : OnePassSgdOptions, new() => new()
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weight,
            HiddenLayers = hiddenLayers ?? OnePassOptions.Defaults.HiddenLayers,
            Steps = steps,
            ValidationFraction = validationFraction,
        };
}
