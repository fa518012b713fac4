using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>A trainer for regression.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedRegressionTrainer<TModel>(IHostEnvironment environment, string name, string label, string features, string? weight)
    : BridgedTrainer<RegressionPredictionTransformer<TModel>, TModel>(environment, name, TrainerUtils.MakeR4ScalarColumn(label), features, weight)
    where TModel : BridgedRegressionModel
{
    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

    /// <inheritdoc/>
    protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) => [Output(DefaultColumnNames.Score, NumberDataViewType.Single)];

    /// <inheritdoc/>
    protected sealed override RegressionPredictionTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected sealed override void Remember(TModel model, string featureColumn) => model.FeatureColumn = featureColumn;

    private protected sealed override int CountClasses(RoleMappedData data)
    {
        data.CheckRegressionLabel();
        return 1;
    }
}

/// <summary>A trainer for two classes.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedBinaryTrainer<TModel>(IHostEnvironment environment, string name, string label, string features, string? weight)
    : BridgedTrainer<BinaryPredictionTransformer<TModel>, TModel>(environment, name, TrainerUtils.MakeBoolScalarLabel(label), features, weight)
    where TModel : BridgedBinaryModel
{
    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    /// <inheritdoc/>
    protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        Output(DefaultColumnNames.Score, NumberDataViewType.Single),
        Output(DefaultColumnNames.Probability, NumberDataViewType.Single, isProbability: true),
        Output(DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance),
    ];

    /// <inheritdoc/>
    protected sealed override BinaryPredictionTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected sealed override void Remember(TModel model, string featureColumn) => model.FeatureColumn = featureColumn;

    private protected sealed override int CountClasses(RoleMappedData data)
    {
        data.CheckBinaryLabel();
        return 2;
    }
}

/// <summary>A trainer for several classes.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public abstract class BridgedMulticlassTrainer<TModel>(IHostEnvironment environment, string name, string label, string features, string? weight)
    : BridgedTrainer<MulticlassPredictionTransformer<TModel>, TModel>(environment, name, TrainerUtils.MakeU4ScalarColumn(label), features, weight)
    where TModel : BridgedMulticlassModel
{
    /// <inheritdoc/>
    protected sealed override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    /// <inheritdoc/>
    protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
                new SchemaShape(label.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.KeyValues).Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    /// <inheritdoc/>
    protected sealed override MulticlassPredictionTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private protected sealed override void Remember(TModel model, string featureColumn) => model.FeatureColumn = featureColumn;

    private protected sealed override int CountClasses(RoleMappedData data)
    {
        data.CheckMulticlassLabel(out int classes);
        return classes;
    }
}
