using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>A trainer whose base is ML.NET's own. Derive from the one for your task.</summary>
/// <typeparam name="TTransformer">ML.NET's transformer for the task.</typeparam>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel> where TModel : class
{
    private protected BridgedTrainer(IHostEnvironment environment, string name, SchemaShape.Column label, string features, string? weight)
        : base(Contracts.CheckRef(environment, nameof(environment)).Register(name), TrainerUtils.MakeR4VecFeature(features), label, TrainerUtils.MakeR4ScalarWeightColumn(weight)) =>
        ContextSeed = (Host as IHostEnvironmentInternal)?.Seed ?? Host.Rand.Next();

    /// <inheritdoc/>
    public sealed override TrainerInfo Info { get; } = new(normalization: false, caching: true, supportValid: true, supportIncrementalTrain: true);

    /// <summary>The environment, for the model.</summary>
    protected IHostEnvironment Environment => Host;

    /// <summary>The seed that the context was made with; without one, a number drawn when this trainer was made, so that it repeats itself.</summary>
    protected int ContextSeed { get; }

    /// <summary>Trains a model.</summary>
    protected abstract TModel Train(TrainingInput<TModel> input);

    /// <summary>Fits with what ML.NET's plain Fit has no place for.</summary>
    protected TTransformer FitWith(IDataView training, IDataView? validation, TModel? initial)
    {
        ArgumentNullException.ThrowIfNull(training);
        return TrainTransformer(training, validation, (IPredictor?)(object?)initial);
    }

    /// <inheritdoc/>
    protected sealed override TModel TrainModelCore(TrainContext trainContext)
    {
        using IChannel channel = Host.Start("Training");
        RoleMappedData training = trainContext.TrainingSet;
        (int features, int classes) = Measure(training);
        if (trainContext.ValidationSet is { } validation)
            Compare("validation data", Measure(validation));
        if (trainContext.InitialPredictor is { } initial)
        {
            if (initial is not TModel)
                throw Host.ExceptParam(nameof(initial), "The model to go on from is a {0}; this trainer goes on from a {1}.", initial.GetType().Name, typeof(TModel).Name);
            var mapper = (IValueMapper)initial;
            // A number stands for one class in regression and for two in binary classification.
            Compare("model to go on from", (mapper.InputType.GetVectorSize(), mapper.OutputType is VectorDataViewType outputs ? outputs.Size : classes));
        }
        TModel model = Train(new(new(training), trainContext.ValidationSet is null ? null : new(trainContext.ValidationSet), trainContext.InitialPredictor as TModel, classes, new(Host, channel)));
        Remember(model, FeatureColumn.Name);
        return model;

        void Compare(string what, (int Features, int Classes) other)
        {
            if (other.Features != features)
                throw Host.ExceptParam(nameof(trainContext), "The {0} has {1} features, the training data has {2}.", what, other.Features, features);
            if (other.Classes != classes)
                throw Host.ExceptParam(nameof(trainContext), "The {0} has {1} classes, the training data has {2}.", what, other.Classes, classes);
        }
    }

    private protected abstract int CountClasses(RoleMappedData data);

    private protected abstract void Remember(TModel model, string featureColumn);

    private protected static SchemaShape.Column Output(string name, DataViewType type, bool isProbability = false) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isProbability)));

    // The checks of ML.NET's own trainers, in their words.
    private (int Features, int Classes) Measure(RoleMappedData data)
    {
        int classes = CountClasses(data);
        data.CheckFeatureFloatVector(out int features);
        data.CheckOptFloatWeight();
        return (features, classes);
    }
}
