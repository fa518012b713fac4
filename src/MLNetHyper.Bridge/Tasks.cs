using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>What a trainer tells ML.NET of its task. There are three.</summary>
/// <typeparam name="TTransformer">ML.NET's transformer for the task.</typeparam>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedTask<TTransformer, TModel>
{
    private protected BridgedTask()
    {
    }

    internal abstract PredictionKind Kind { get; }

    internal abstract SchemaShape.Column Label(string name);

    internal abstract SchemaShape.Column[] Outputs(SchemaShape.Column label);

    /// <summary>ML.NET's transformer around a model.</summary>
    /// <param name="environment">Where it belongs.</param>
    /// <param name="model">The model.</param>
    /// <param name="schema">Columns like those that it was trained on; of several classes the label's among them, with the classes' names.</param>
    /// <param name="features">The column of features.</param>
    /// <param name="label">The label's column.</param>
    public abstract TTransformer CreateTransformer(IHostEnvironment environment, TModel model, DataViewSchema schema, string features, string label);

    /// <summary>Checks the label in ML.NET's own words. A number is one class.</summary>
    internal abstract int CountClasses(RoleMappedData data);

    private protected static SchemaShape.Column Output(string name, DataViewType type, bool isProbability = false) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isProbability)));
}

/// <summary>Regression.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public sealed class BridgedRegression<TModel> : BridgedTask<RegressionPredictionTransformer<TModel>, TModel> where TModel : BridgedRegressionModel
{
    internal override PredictionKind Kind => PredictionKind.Regression;

    internal override SchemaShape.Column Label(string name) => TrainerUtils.MakeR4ScalarColumn(name);

    internal override SchemaShape.Column[] Outputs(SchemaShape.Column label) => [Output(DefaultColumnNames.Score, NumberDataViewType.Single)];

    /// <inheritdoc/>
    public override RegressionPredictionTransformer<TModel> CreateTransformer(IHostEnvironment environment, TModel model, DataViewSchema schema, string features, string label) => new(environment, model, schema, features);

    internal override int CountClasses(RoleMappedData data)
    {
        data.CheckRegressionLabel();
        return 1;
    }
}

/// <summary>Classification into two classes.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public sealed class BridgedBinary<TModel> : BridgedTask<BinaryPredictionTransformer<TModel>, TModel> where TModel : BridgedBinaryModel
{
    internal override PredictionKind Kind => PredictionKind.BinaryClassification;

    internal override SchemaShape.Column Label(string name) => TrainerUtils.MakeBoolScalarLabel(name);

    internal override SchemaShape.Column[] Outputs(SchemaShape.Column label) =>
    [
        Output(DefaultColumnNames.Score, NumberDataViewType.Single),
        Output(DefaultColumnNames.Probability, NumberDataViewType.Single, isProbability: true),
        Output(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance),
    ];

    /// <inheritdoc/>
    public override BinaryPredictionTransformer<TModel> CreateTransformer(IHostEnvironment environment, TModel model, DataViewSchema schema, string features, string label) => new(environment, model, schema, features);

    internal override int CountClasses(RoleMappedData data)
    {
        data.CheckBinaryLabel();
        return 2;
    }
}

/// <summary>Classification into several classes.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public sealed class BridgedMulticlass<TModel> : BridgedTask<MulticlassPredictionTransformer<TModel>, TModel> where TModel : BridgedMulticlassModel
{
    internal override PredictionKind Kind => PredictionKind.MulticlassClassification;

    internal override SchemaShape.Column Label(string name) => TrainerUtils.MakeU4ScalarColumn(name);

    internal override SchemaShape.Column[] Outputs(SchemaShape.Column label) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
        new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape(label.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.KeyValues).Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
    ];

    /// <inheritdoc/>
    public override MulticlassPredictionTransformer<TModel> CreateTransformer(IHostEnvironment environment, TModel model, DataViewSchema schema, string features, string label) => new(environment, model, schema, features, label);

    internal override int CountClasses(RoleMappedData data)
    {
        data.CheckMulticlassLabel(out int classes);
        return classes;
    }
}
