using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

// What a trainer tells its model, whatever the task.
internal interface IBridgedModel
{
    string? FeatureColumn { set; }
}

/// <summary>A model that ML.NET scores, saves, loads and exports like its own. Derive from the one for your task.</summary>
/// <typeparam name="TOutput">What ML.NET knows as the score.</typeparam>
public abstract class BridgedModel<TOutput> : ModelParametersBase<TOutput>, IBridgedModel, IValueMapper, ISingleCanSaveOnnx
{
    private protected BridgedModel(IHostEnvironment environment, string name, IModelContent content) : base(environment, name) => Content = content;

    /// <summary>Number of features.</summary>
    public int FeatureCount => Content.FeatureCount;

    private protected IModelContent Content { get; }

    string? IBridgedModel.FeatureColumn { set => Content.FeatureColumn = value; }

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

    DataViewType IValueMapper.OutputType => ScoreType;

    private protected virtual DataViewType ScoreType => NumberDataViewType.Single;

    ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>() => (ValueMapper<TSource, TResult>)(Delegate)CreateMapper();

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        ctx.CheckOpSetVersion(OnnxGraph.OldestOpset, GetType().Name);
        WriteScores(ctx, outputNames, featureColumn);
        return true;
    }

    private protected abstract ValueMapper<VBuffer<float>, TOutput> CreateMapper();

    private protected virtual void WriteScores(OnnxContext context, string[] names, string features) => Content.WriteOnnx(new(context, features, names[^1]));

    // Sparse rows are widened into one row that every call uses again.
    private protected Func<VBuffer<float>, float[]> CreateRowScorer()
    {
        RowScorer score = Content.CreateScorer();
        float[] row = new float[FeatureCount], outputs = new float[Content.OutputCount];
        return features =>
        {
            // A row in memory may have any length, whatever its column's type says.
            if (features.Length != row.Length)
                throw Contracts.ExceptParam(nameof(features), "The model takes {0} features, but the row has {1}{2}.", row.Length, features.Length, Content.FeatureColumn is { } column ? $" in column '{column}'" : "");
            if (!features.IsDense)
                features.CopyTo(row);
            score(features.IsDense ? features.GetValues() : row, outputs);
            return outputs;
        };
    }

    /// <inheritdoc/>
    protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelLoader.Version(ScoreType is VectorDataViewType ? ModelLoader.VectorSignature : ModelLoader.ScalarSignature));
        Content.Write(ctx.Writer);
    }
}
