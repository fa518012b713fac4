using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNetHyper;

/// <summary>Trains a network for regression that tunes its own hyperparameters while it trains: the learning rate and weight decay, or whatever else its update rule has.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.Regression.Trainers.OnePassSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/regression/*"/>
/// <include file="../Documentation.xml" path="docs/one-pass/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="OnePassSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class OnePassSgdRegressionTrainer : NetworkTrainer<RegressionPredictionTransformer<NetworkRegressionModelParameters>, NetworkRegressionModelParameters>
{
    internal OnePassSgdRegressionTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(OnePassSgdRegressionTrainer), NetworkTask.Regression, options) { }

    /// <summary>How the trainer trains and tunes.</summary>
    public sealed class Options : OnePassSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal OnePassSgdRegressionTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}

/// <summary>Trains a network for binary classification that tunes its own hyperparameters while it trains: the learning rate and weight decay, or whatever else its update rule has.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.BinaryClassification.Trainers.OnePassSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/binary/*"/>
/// <include file="../Documentation.xml" path="docs/one-pass/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="OnePassSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class OnePassSgdBinaryTrainer : NetworkTrainer<BinaryPredictionTransformer<NetworkBinaryModelParameters>, NetworkBinaryModelParameters>
{
    internal OnePassSgdBinaryTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(OnePassSgdBinaryTrainer), NetworkTask.Binary, options) { }

    /// <summary>How the trainer trains and tunes.</summary>
    public sealed class Options : OnePassSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal OnePassSgdBinaryTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}

/// <summary>Trains a network for multiclass classification that tunes its own hyperparameters while it trains: the learning rate and weight decay, or whatever else its update rule has.</summary>
/// <remarks>
/// To create this trainer, use <c>mlContext.MulticlassClassification.Trainers.OnePassSgd</c>, with single values or with <see cref="Options"/>.
/// <include file="../Documentation.xml" path="docs/multiclass/*"/>
/// <include file="../Documentation.xml" path="docs/one-pass/*"/>
/// <include file="../Documentation.xml" path="docs/names/*"/>
/// </remarks>
/// <seealso cref="OnePassSgdCatalog"/>
/// <seealso cref="Options"/>
public sealed class OnePassSgdMulticlassTrainer : NetworkTrainer<MulticlassPredictionTransformer<NetworkMulticlassModelParameters>, NetworkMulticlassModelParameters>
{
    internal OnePassSgdMulticlassTrainer(IHostEnvironment environment, Options options) : base(environment, nameof(OnePassSgdMulticlassTrainer), NetworkTask.Multiclass, options) { }

    /// <summary>How the trainer trains and tunes.</summary>
    public sealed class Options : OnePassSgdOptions
    {
        // Apart, for the reason that the catalog gives.
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal OnePassSgdMulticlassTrainer Create(IHostEnvironment environment) => new(environment, this);
    }
}
