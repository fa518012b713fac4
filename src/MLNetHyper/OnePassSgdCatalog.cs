using MLNetHyper;
using MLNetHyper.Bridge;

namespace Microsoft.ML;

/// <summary>The trainers where ML.NET users look for them.</summary>
public static class OnePassSgdCatalog
{
    /// <summary>Creates the trainer for regression.</summary>
    public static OnePassSgdRegressionTrainer OnePassSgd(this RegressionCatalog.RegressionTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null) =>
        new(CatalogEnvironment.Of(catalog), labelColumnName, featureColumnName, exampleWeightColumnName);

    /// <summary>Creates the trainer for two classes.</summary>
    public static OnePassSgdBinaryTrainer OnePassSgd(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null) =>
        new(CatalogEnvironment.Of(catalog), labelColumnName, featureColumnName, exampleWeightColumnName);

    /// <summary>Creates the trainer for several classes.</summary>
    public static OnePassSgdMulticlassTrainer OnePassSgd(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null) =>
        new(CatalogEnvironment.Of(catalog), labelColumnName, featureColumnName, exampleWeightColumnName);
}
