using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNetHyper.Bridge;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(typeof(IPredictorProducing<float>), typeof(ModelLoader), null, typeof(SignatureLoadModel), "", ModelLoader.Signature)]

namespace MLNetHyper.Bridge
{
    /// <summary>A trainer whose base is ML.NET's own.</summary>
    public abstract class BridgedRegressionTrainer<TModel>(IHostEnvironment environment, string name, string label, string features, string? weight)
        : TrainerEstimatorBase<RegressionPredictionTransformer<TModel>, TModel>(
            Contracts.CheckRef(environment, nameof(environment)).Register(name), TrainerUtils.MakeR4VecFeature(features), TrainerUtils.MakeR4ScalarColumn(label), TrainerUtils.MakeR4ScalarWeightColumn(weight))
        where TModel : BridgedModel
    {
        /// <inheritdoc/>
        public sealed override TrainerInfo Info { get; } = new(normalization: false, caching: true, supportValid: true, supportIncrementalTrain: true);

        /// <summary>Trains on the columns of <see cref="TrainerEstimatorBase{TTransformer, TModel}"/>.</summary>
        protected abstract TModel Train(IDataView training, IDataView? validation, TModel? initial);

        /// <summary>The environment to give to the model.</summary>
        protected IHostEnvironment Environment => Host;

        /// <inheritdoc/>
        protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

        /// <inheritdoc/>
        protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
            [new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation()))];

        /// <inheritdoc/>
        protected sealed override TModel TrainModelCore(TrainContext trainContext) =>
            Train(trainContext.TrainingSet.Data, trainContext.ValidationSet?.Data, trainContext.InitialPredictor as TModel);

        /// <inheritdoc/>
        protected sealed override RegressionPredictionTransformer<TModel> MakeTransformer(TModel model, DataViewSchema trainSchema) =>
            new(Host, model, trainSchema, FeatureColumn.Name);
    }

    /// <summary>A model that ML.NET scores, saves and loads like its own.</summary>
    public abstract class BridgedModel(IHostEnvironment environment, string name) : ModelParametersBase<float>(environment, name), IValueMapper
    {
        /// <summary>Number of features.</summary>
        public abstract int FeatureCount { get; }

        /// <inheritdoc/>
        protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

        DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

        DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

        ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>()
        {
            Func<ReadOnlySpan<float>, float> score = CreateScorer();
            float[] row = new float[FeatureCount];
            ValueMapper<VBuffer<float>, float> mapper = (in VBuffer<float> features, ref float result) =>
            {
                if (features.IsDense)
                {
                    result = score(features.GetValues());
                    return;
                }
                features.CopyTo(row);
                result = score(row);
            };
            return (ValueMapper<TSource, TResult>)(Delegate)mapper;
        }

        /// <summary>A function from features to the score, for one thread.</summary>
        protected abstract Func<ReadOnlySpan<float>, float> CreateScorer();

        /// <summary>Writes what <see cref="IModelReader.Read"/> reads.</summary>
        protected abstract void Write(BinaryWriter writer);

        /// <inheritdoc/>
        protected sealed override void SaveCore(ModelSaveContext ctx)
        {
            ctx.SetVersionInfo(ModelLoader.Version);
            Write(ctx.Writer);
        }
    }

    /// <summary>The environment that a catalog was made with.</summary>
    public static class CatalogEnvironment
    {
        /// <summary>Of a catalog of trainers.</summary>
        public static IHostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase catalog) => CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>Reads what a model wrote.</summary>
    public interface IModelReader
    {
        /// <summary>Reads a model.</summary>
        BridgedModel Read(IHostEnvironment environment, BinaryReader reader);
    }

    internal static class ModelLoader
    {
        internal const string Signature = "OnePassSgdModel";

        internal static VersionInfo Version { get; } = new(
            modelSignature: "OPSGDREG", verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
            loaderSignature: Signature, loaderAssemblyName: typeof(ModelLoader).Assembly.FullName);

        // Fixed, so that a model file can name no other code.
        private const string Reader = "MLNetHyper.OnePassModelReader, MLNetHyper";

        internal static IPredictorProducing<float> Create(IHostEnvironment env, ModelLoadContext ctx)
        {
            ctx.CheckAtModel(Version);
            var reader = (IModelReader)Activator.CreateInstance(Type.GetType(Reader, throwOnError: true)!)!;
            return reader.Read(env, ctx.Reader);
        }
    }
}

namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
