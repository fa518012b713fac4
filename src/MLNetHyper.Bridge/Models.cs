using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>From a row's features to a model's raw outputs: the value, the logit of the positive class, or the logits of all classes. For one thread.</summary>
public delegate void RowScorer(ReadOnlySpan<float> features, Span<float> outputs);

/// <summary>A model that ML.NET scores, saves, loads and exports like its own. Derive from the one for your task.</summary>
/// <typeparam name="TOutput">What ML.NET knows as the score.</typeparam>
public abstract class BridgedModel<TOutput> : ModelParametersBase<TOutput>, IValueMapper, ISingleCanSaveOnnx
{
    private protected BridgedModel(IHostEnvironment environment, string name) : base(environment, name)
    {
    }

    /// <summary>Number of features.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>The column that the features came from in training; null in a model that was loaded.</summary>
    internal string? FeatureColumn { get; set; }

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

    DataViewType IValueMapper.OutputType => ScoreType;

    private protected virtual DataViewType ScoreType => NumberDataViewType.Single;

    /// <summary>Makes a scorer for one thread.</summary>
    protected abstract RowScorer CreateScorer();

    /// <summary>Writes what <see cref="IModelReader"/> reads.</summary>
    protected abstract void Write(BinaryWriter writer);

    /// <summary>Writes the way from <see cref="OnnxGraph.Features"/> to <see cref="OnnxGraph.Output"/>, the raw outputs of <see cref="CreateScorer"/>.</summary>
    protected abstract void WriteOnnx(OnnxGraph graph);

    ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>() => (ValueMapper<TSource, TResult>)(Delegate)CreateMapper();

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        ctx.CheckOpSetVersion(OnnxGraph.OldestOpset, GetType().Name);
        WriteScores(ctx, outputNames, featureColumn);
        return true;
    }

    private protected abstract ValueMapper<VBuffer<float>, TOutput> CreateMapper();

    private protected virtual void WriteScores(OnnxContext context, string[] names, string features) => WriteOnnx(new(context, features, names[^1]));

    // Sparse rows are widened into one row that every call uses again.
    private protected Func<VBuffer<float>, float[]> CreateRowScorer(int outputCount)
    {
        RowScorer score = CreateScorer();
        float[] row = new float[FeatureCount], outputs = new float[outputCount];
        return features =>
        {
            // A row in memory may have any length, whatever its column's type says.
            if (features.Length != row.Length)
                throw Contracts.ExceptParam(nameof(features), "The model takes {0} features, but the row has {1}{2}.", row.Length, features.Length, FeatureColumn is null ? "" : $" in column '{FeatureColumn}'");
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
        Write(ctx.Writer);
    }
}
