using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNetHyper;

/// <summary>Trains a network for regression with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.Regression.Trainers.FixedSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/regression/*"/>
/// <include file="../Documentation.xml" path="docs/fixed/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="FixedSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class FixedSgdRegressionTrainer : NetworkTrainer<RegressionPredictionTransformer<NetworkRegressionModelParameters>, NetworkRegressionModelParameters>
{
    internal FixedSgdRegressionTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(FixedSgdRegressionTrainer), NetworkTask.Regression, options) { }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal FixedSgdRegressionTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}

/// <summary>Trains a network for binary classification with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.BinaryClassification.Trainers.FixedSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/binary/*"/>
/// <include file="../Documentation.xml" path="docs/fixed/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="FixedSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class FixedSgdBinaryTrainer : NetworkTrainer<BinaryPredictionTransformer<NetworkBinaryModelParameters>, NetworkBinaryModelParameters>
{
    internal FixedSgdBinaryTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(FixedSgdBinaryTrainer), NetworkTask.Binary, options) { }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal FixedSgdBinaryTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}

/// <summary>Trains a network for multiclass classification with hyperparameters that stay what they are: what a search restarts again and again, and what <c>OnePassSgd</c> makes unnecessary.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.MulticlassClassification.Trainers.FixedSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/multiclass/*"/>
/// <include file="../Documentation.xml" path="docs/fixed/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="FixedSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class FixedSgdMulticlassTrainer : NetworkTrainer<MulticlassPredictionTransformer<NetworkMulticlassModelParameters>, NetworkMulticlassModelParameters>
{
    internal FixedSgdMulticlassTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(FixedSgdMulticlassTrainer), NetworkTask.Multiclass, options) { }

    /// <summary>How the trainer trains.</summary>
    public sealed class Options : FixedSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal FixedSgdMulticlassTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}
