using MLNetHyper;

namespace Microsoft.ML;

/// <summary>The trainers as ML.NET users expect them.</summary>
public static class OnePassSgdCatalog
{
    /// <summary>Creates the trainer.</summary>
    public static OnePassSgdRegressionTrainer OnePassSgd(this RegressionCatalog.RegressionTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null) =>
        new(MLNetHyper.Bridge.CatalogEnvironment.Of(catalog), labelColumnName, featureColumnName, exampleWeightColumnName);
}
