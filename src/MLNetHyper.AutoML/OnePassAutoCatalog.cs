using Microsoft.ML.Data;
using Microsoft.ML.SearchSpace;
using MLNetHyper;
using MLNetHyper.AutoML;
using OptionSpace = Microsoft.ML.SearchSpace.SearchSpace;
using RestartComparison = MLNetHyper.AutoML.RestartComparison;

namespace Microsoft.ML.AutoML;

/// <summary>The networks among AutoML's candidates, and the comparison of one pass with search, where ML.NET users look for them: <c>mlContext.Auto()</c>.</summary>
public static class OnePassAutoCatalog
{
    /// <summary>A comparison of one <c>OnePassSgd</c> training with <c>FixedSgd</c> swept by the tuners of AutoML, at equal cost.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="data">The data. They are read now, into memory.</param>
    /// <param name="labelColumnName">The label's column; its type says what is predicted: <see cref="float"/>, <see cref="bool"/> or a key.</param>
    /// <param name="featureColumnName">The features' column, a known-sized vector of <see cref="float"/>.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static RestartComparison CreateRestartComparison(
        this AutoCatalog catalog, IDataView data, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(data, labelColumnName, featureColumnName);
    }

    /// <summary>These candidates and others, for AutoML to choose one of.</summary>
    /// <param name="candidates">Candidates, such as <c>mlContext.Auto().Regression()</c>: alternatives, not steps one after the other.</param>
    /// <param name="others">More of them.</param>
    public static SweepablePipeline Or(this SweepablePipeline candidates, params SweepableEstimator[] others)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(others);
        // A pipeline begins with one estimator; this one does nothing.
        return new EstimatorChain<ITransformer>().Append([.. candidates.Estimators.Values, .. others]);
    }

    /// <summary><c>OnePassSgd</c> for regression, to stand in a pipeline beside other candidates. AutoML chooses shape, activation and batches; the rest tunes itself.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="choices">What AutoML may choose from. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials have in common, such as a number of steps; the columns and the choices are set after it.</param>
    public static SweepableEstimator OnePassSgdRegression(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null) => Sweep<OnePassSgdRegressionTrainer.Options>(
            catalog, (choices ?? new()).AddTo, labelColumnName, featureColumnName, exampleWeightColumnName, options, NetworkChoices.Set, (context, set) => context.Regression.Trainers.OnePassSgd(set));

    /// <summary><c>FixedSgd</c> for regression, to stand in a pipeline beside other candidates. AutoML searches for learning rate, weight decay and momentum.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="space">Where AutoML searches. Default: <see cref="MLNetHyper.Search.SearchSpace"/> as it is.</param>
    /// <param name="options">What all trials have in common, such as hidden layers; the columns and what is searched for are set after it.</param>
    public static SweepableEstimator FixedSgdRegression(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, MLNetHyper.Search.SearchSpace? space = null, Action<FixedSgdOptions>? options = null) => Sweep<FixedSgdRegressionTrainer.Options>(
            catalog, target => FixedSgdSpace.AddTo(target, space ?? new()), labelColumnName, featureColumnName, exampleWeightColumnName, options, FixedSgdSpace.Set, (context, set) => context.Regression.Trainers.FixedSgd(set));

    /// <summary>ML.NET's candidates for regression and <c>OnePassSgd</c>, for AutoML to choose between.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="float"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="others">The other candidates. Default: all of <c>mlContext.Auto().Regression</c>; name your own, such as <c>mlContext.Auto().Regression(label, useLgbm: false)</c>, where a native library is not there.</param>
    /// <param name="choices">What AutoML may choose from for the network. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials of <c>OnePassSgd</c> have in common.</param>
    public static SweepablePipeline RegressionWithOnePassSgd(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, SweepablePipeline? others = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        others ??= catalog.Regression(labelColumnName, featureColumnName, exampleWeightColumnName);
        return others.Or(catalog.OnePassSgdRegression(labelColumnName, featureColumnName, exampleWeightColumnName, choices, options));
    }

    /// <summary><c>OnePassSgd</c> for binary classification, to stand in a pipeline beside other candidates. AutoML chooses shape, activation and batches; the rest tunes itself.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="choices">What AutoML may choose from. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials have in common, such as a number of steps; the columns and the choices are set after it.</param>
    public static SweepableEstimator OnePassSgdBinaryClassification(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null) => Sweep<OnePassSgdBinaryTrainer.Options>(
            catalog, (choices ?? new()).AddTo, labelColumnName, featureColumnName, exampleWeightColumnName, options, NetworkChoices.Set, (context, set) => context.BinaryClassification.Trainers.OnePassSgd(set));

    /// <summary><c>FixedSgd</c> for binary classification, to stand in a pipeline beside other candidates. AutoML searches for learning rate, weight decay and momentum.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="space">Where AutoML searches. Default: <see cref="MLNetHyper.Search.SearchSpace"/> as it is.</param>
    /// <param name="options">What all trials have in common, such as hidden layers; the columns and what is searched for are set after it.</param>
    public static SweepableEstimator FixedSgdBinaryClassification(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, MLNetHyper.Search.SearchSpace? space = null, Action<FixedSgdOptions>? options = null) => Sweep<FixedSgdBinaryTrainer.Options>(
            catalog, target => FixedSgdSpace.AddTo(target, space ?? new()), labelColumnName, featureColumnName, exampleWeightColumnName, options, FixedSgdSpace.Set, (context, set) => context.BinaryClassification.Trainers.FixedSgd(set));

    /// <summary>ML.NET's candidates for binary classification and <c>OnePassSgd</c>, for AutoML to choose between.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="others">The other candidates. Default: all of <c>mlContext.Auto().BinaryClassification</c>; name your own, such as <c>mlContext.Auto().BinaryClassification(label, useLgbm: false)</c>, where a native library is not there.</param>
    /// <param name="choices">What AutoML may choose from for the network. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials of <c>OnePassSgd</c> have in common.</param>
    public static SweepablePipeline BinaryClassificationWithOnePassSgd(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, SweepablePipeline? others = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        others ??= catalog.BinaryClassification(labelColumnName, featureColumnName, exampleWeightColumnName);
        return others.Or(catalog.OnePassSgdBinaryClassification(labelColumnName, featureColumnName, exampleWeightColumnName, choices, options));
    }

    /// <summary><c>OnePassSgd</c> for multiclass classification, to stand in a pipeline beside other candidates. AutoML chooses shape, activation and batches; the rest tunes itself.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="choices">What AutoML may choose from. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials have in common, such as a number of steps; the columns and the choices are set after it.</param>
    public static SweepableEstimator OnePassSgdMultiClassification(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null) => Sweep<OnePassSgdMulticlassTrainer.Options>(
            catalog, (choices ?? new()).AddTo, labelColumnName, featureColumnName, exampleWeightColumnName, options, NetworkChoices.Set, (context, set) => context.MulticlassClassification.Trainers.OnePassSgd(set));

    /// <summary><c>FixedSgd</c> for multiclass classification, to stand in a pipeline beside other candidates. AutoML searches for learning rate, weight decay and momentum.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="space">Where AutoML searches. Default: <see cref="MLNetHyper.Search.SearchSpace"/> as it is.</param>
    /// <param name="options">What all trials have in common, such as hidden layers; the columns and what is searched for are set after it.</param>
    public static SweepableEstimator FixedSgdMultiClassification(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, MLNetHyper.Search.SearchSpace? space = null, Action<FixedSgdOptions>? options = null) => Sweep<FixedSgdMulticlassTrainer.Options>(
            catalog, target => FixedSgdSpace.AddTo(target, space ?? new()), labelColumnName, featureColumnName, exampleWeightColumnName, options, FixedSgdSpace.Set, (context, set) => context.MulticlassClassification.Trainers.FixedSgd(set));

    /// <summary>ML.NET's candidates for multiclass classification and <c>OnePassSgd</c>, for AutoML to choose between.</summary>
    /// <param name="catalog"><c>mlContext.Auto()</c>.</param>
    /// <param name="labelColumnName">The label's column, a key.</param>
    /// <param name="featureColumnName">The features' column.</param>
    /// <param name="exampleWeightColumnName">The column of example weights; null for equal weights.</param>
    /// <param name="others">The other candidates. Default: all of <c>mlContext.Auto().MultiClassification</c>; name your own, such as <c>mlContext.Auto().MultiClassification(label, useLgbm: false)</c>, where a native library is not there.</param>
    /// <param name="choices">What AutoML may choose from for the network. Default: <see cref="NetworkChoices"/> as they are.</param>
    /// <param name="options">What all trials of <c>OnePassSgd</c> have in common.</param>
    public static SweepablePipeline MultiClassificationWithOnePassSgd(
        this AutoCatalog catalog, string labelColumnName = NetworkTrainerOptions.Defaults.LabelColumnName, string featureColumnName = NetworkTrainerOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null, SweepablePipeline? others = null, NetworkChoices? choices = null, Action<OnePassSgdOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        others ??= catalog.MultiClassification(labelColumnName, featureColumnName, exampleWeightColumnName);
        return others.Or(catalog.OnePassSgdMultiClassification(labelColumnName, featureColumnName, exampleWeightColumnName, choices, options));
    }

    private static SweepableEstimator Sweep<TOptions>(
        AutoCatalog catalog, Action<OptionSpace> fill, string label, string features, string? weight, Action<TOptions>? common, Action<NetworkTrainerOptions, Parameter> set, Func<MLContext, TOptions, IEstimator<ITransformer>> create)
        where TOptions : NetworkTrainerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var space = new OptionSpace();
        fill(space);
        return new((context, parameter) =>
        {
            var options = new TOptions();
            common?.Invoke(options);
            (options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName) = (label, features, weight);
            set(options, parameter);
            return create(context, options);
        }, space);
    }
}
