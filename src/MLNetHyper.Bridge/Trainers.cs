using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>A trainer whose base is ML.NET's own.</summary>
/// <typeparam name="TTransformer">ML.NET's transformer for the task.</typeparam>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel> where TModel : class
{
    private readonly BridgedTask<TTransformer, TModel> _task;

    /// <summary>A trainer for a task, with the names of its columns.</summary>
    protected BridgedTrainer(IHostEnvironment environment, string name, BridgedTask<TTransformer, TModel> task, string label, string features, string? weight)
        : base(Contracts.CheckRef(environment, nameof(environment)).Register(name), TrainerUtils.MakeR4VecFeature(features), task.Label(label), TrainerUtils.MakeR4ScalarWeightColumn(weight))
    {
        _task = task;
        ContextSeed = (Host as IHostEnvironmentInternal)?.Seed ?? Host.Rand.Next();
    }

    /// <inheritdoc/>
    public sealed override TrainerInfo Info { get; } = new(normalization: false, caching: true, supportValid: true, supportIncrementalTrain: true);

    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => _task.Kind;

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
    protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        return _task.Outputs(label);
    }

    /// <inheritdoc/>
    protected sealed override TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema) => _task.CreateTransformer(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

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
        ((IBridgedModel)model).FeatureColumn = FeatureColumn.Name;
        return model;

        void Compare(string what, (int Features, int Classes) other)
        {
            if (other.Features != features)
                throw Host.ExceptParam(nameof(trainContext), "The {0} has {1} features, the training data has {2}.", what, other.Features, features);
            if (other.Classes != classes)
                throw Host.ExceptParam(nameof(trainContext), "The {0} has {1} classes, the training data has {2}.", what, other.Classes, classes);
        }
    }

    // The checks of ML.NET's own trainers, in their words.
    private (int Features, int Classes) Measure(RoleMappedData data)
    {
        int classes = _task.CountClasses(data);
        data.CheckFeatureFloatVector(out int features);
        data.CheckOptFloatWeight();
        return (features, classes);
    }
}
