using System.Globalization;
using MLNetHyper;

namespace Microsoft.ML;

/// <summary>Adds prediction intervals to the transforms' catalog.</summary>
public static class PredictionIntervalCatalog
{
    /// <summary>
    /// Creates an estimator of two columns between which at least a share of the labels lies: the score, less and plus the error of that rank on rows that did not train (<see cref="NetworkRegressionModelParameters.IntervalHalfWidth"/>).
    /// Put it behind the trained model. It is made of ML.NET's own expressions, and saves and loads like them.
    /// </summary>
    /// <param name="catalog">The transforms of <c>mlContext.Transforms</c>.</param>
    /// <param name="model">The trained model: <c>transformer.Model</c>.</param>
    /// <param name="coverage">The share of labels that intervals are to hold, above 0 and below 1. Default 0.9.</param>
    /// <param name="lowerColumnName">The lower ends' column. Default <c>"ScoreLower"</c>.</param>
    /// <param name="upperColumnName">The upper ends' column. Default <c>"ScoreUpper"</c>.</param>
    /// <param name="scoreColumnName">The scores' column. Default <c>"Score"</c>.</param>
    /// <exception cref="InvalidOperationException">Too few rows validated for that share, or they have trained as well.</exception>
    /// <example>
    /// <code>
    /// var model = mlContext.Regression.Trainers.OnePassSgd().Fit(data);
    /// var withIntervals = model.Append(mlContext.Transforms.PredictionInterval(model.Model).Fit(model.Transform(data)));
    /// </code>
    /// </example>
    public static IEstimator<ITransformer> PredictionInterval(this TransformsCatalog catalog, NetworkRegressionModelParameters model, double coverage = 0.9, string lowerColumnName = "ScoreLower", string upperColumnName = "ScoreUpper", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        double half = model.IntervalHalfWidth(coverage) ?? throw new InvalidOperationException($"The model knows too little about its errors for intervals that hold {coverage.ToString("P0", CultureInfo.InvariantCulture)} of the labels. Train it with more validation rows and without RetrainOnAll, or ask for a smaller share.");
        string width = ((float)half).ToString("R", CultureInfo.InvariantCulture);
        return catalog.Expression(lowerColumnName, $"(score) => score - {width}f", scoreColumnName).Append(catalog.Expression(upperColumnName, $"(score) => score + {width}f", scoreColumnName));
    }
}
