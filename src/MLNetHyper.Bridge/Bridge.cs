using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNetHyper.Bridge;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(typeof(IPredictorProducing<float>), typeof(ScalarModelLoader), null, typeof(SignatureLoadModel), "", ModelLoader.ScalarSignature)]
[assembly: LoadableClass(typeof(IPredictorProducing<VBuffer<float>>), typeof(VectorModelLoader), null, typeof(SignatureLoadModel), "", ModelLoader.VectorSignature)]

namespace MLNetHyper.Bridge
{
    /// <summary>From a row's features to its outputs: the score, the logit, or the probabilities of all classes. For one thread.</summary>
    public delegate void RowScorer(ReadOnlySpan<float> features, Span<float> outputs);

    /// <summary>A trainer whose base is ML.NET's own.</summary>
    public abstract class BridgedTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
        where TTransformer : ISingleFeaturePredictionTransformer<TModel> where TModel : class
    {
        private protected BridgedTrainer(IHostEnvironment environment, string name, SchemaShape.Column label, string features, string? weight)
            : base(Contracts.CheckRef(environment, nameof(environment)).Register(name), TrainerUtils.MakeR4VecFeature(features), label, TrainerUtils.MakeR4ScalarWeightColumn(weight))
        {
        }

        /// <inheritdoc/>
        public sealed override TrainerInfo Info { get; } = new(normalization: false, caching: true, supportValid: true, supportIncrementalTrain: true);

        /// <summary>The environment, to give to the model and to log to.</summary>
        protected IHostEnvironment Environment => Host;

        /// <summary>Trains on this trainer's columns, going on from a model if one is given.</summary>
        protected abstract TModel Train(IDataView training, IDataView? validation, TModel? initial);

        /// <inheritdoc/>
        protected sealed override TModel TrainModelCore(TrainContext trainContext) =>
            Train(trainContext.TrainingSet.Data, trainContext.ValidationSet?.Data, trainContext.InitialPredictor as TModel);

        private protected static SchemaShape.Column Output(string name, DataViewType type, bool isProbability = false) =>
            new(name, SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isProbability)));
    }

    /// <summary>For regression.</summary>
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
    }

    /// <summary>For two classes.</summary>
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
    }

    /// <summary>For several classes.</summary>
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
    }

    /// <summary>A model that ML.NET scores, saves and loads like its own.</summary>
    public abstract class BridgedModel<TOutput> : ModelParametersBase<TOutput>
    {
        private protected BridgedModel(IHostEnvironment environment, string name) : base(environment, name)
        {
        }

        /// <summary>Number of features.</summary>
        public abstract int FeatureCount { get; }

        /// <summary>Makes a scorer for one thread.</summary>
        protected abstract RowScorer CreateScorer();

        /// <summary>Writes what <see cref="IModelReader"/> reads.</summary>
        protected abstract void Write(BinaryWriter writer);

        private protected DataViewType InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

        // Sparse rows are widened into one row that every call uses again.
        private protected Action<VBuffer<float>, float[]> CreateRowScorer()
        {
            RowScorer score = CreateScorer();
            float[] row = new float[FeatureCount];
            return (features, outputs) =>
            {
                if (!features.IsDense)
                    features.CopyTo(row);
                score(features.IsDense ? features.GetValues() : row, outputs);
            };
        }

        /// <inheritdoc/>
        protected sealed override void SaveCore(ModelSaveContext ctx)
        {
            ctx.SetVersionInfo(ModelLoader.Version(this is IPredictorProducing<float> ? ModelLoader.ScalarSignature : ModelLoader.VectorSignature));
            Write(ctx.Writer);
        }
    }

    /// <summary>A model with one output.</summary>
    public abstract class BridgedRegressionModel(IHostEnvironment environment, string name) : BridgedModel<float>(environment, name), IValueMapper
    {
        /// <inheritdoc/>
        protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

        DataViewType IValueMapper.InputType => InputType;

        DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

        ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>()
        {
            Action<VBuffer<float>, float[]> score = CreateRowScorer();
            float[] outputs = new float[1];
            ValueMapper<VBuffer<float>, float> mapper = (in VBuffer<float> features, ref float result) =>
            {
                score(features, outputs);
                result = outputs[0];
            };
            return (ValueMapper<TSource, TResult>)(Delegate)mapper;
        }
    }

    /// <summary>A model whose output is the logit of the positive class.</summary>
    public abstract class BridgedBinaryModel(IHostEnvironment environment, string name) : BridgedModel<float>(environment, name), IValueMapperDist, IDistPredictorProducing<float, float>
    {
        /// <inheritdoc/>
        protected sealed override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

        DataViewType IValueMapper.InputType => InputType;

        DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

        DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

        ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>()
        {
            ValueMapper<VBuffer<float>, float, float> both = ((IValueMapperDist)this).GetMapper<VBuffer<float>, float, float>();
            ValueMapper<VBuffer<float>, float> mapper = (in VBuffer<float> features, ref float result) =>
            {
                float probability = 0;
                both(in features, ref result, ref probability);
            };
            return (ValueMapper<TSource, TResult>)(Delegate)mapper;
        }

        ValueMapper<TSource, TResult, TProbability> IValueMapperDist.GetMapper<TSource, TResult, TProbability>()
        {
            Action<VBuffer<float>, float[]> score = CreateRowScorer();
            float[] outputs = new float[1];
            ValueMapper<VBuffer<float>, float, float> mapper = (in VBuffer<float> features, ref float result, ref float probability) =>
            {
                score(features, outputs);
                result = outputs[0];
                probability = 1 / (1 + MathF.Exp(-result));
            };
            return (ValueMapper<TSource, TResult, TProbability>)(Delegate)mapper;
        }
    }

    /// <summary>A model whose outputs are the probabilities of the classes.</summary>
    public abstract class BridgedMulticlassModel(IHostEnvironment environment, string name) : BridgedModel<VBuffer<float>>(environment, name), IValueMapper
    {
        /// <summary>Number of classes.</summary>
        public abstract int ClassCount { get; }

        /// <inheritdoc/>
        protected sealed override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

        DataViewType IValueMapper.InputType => InputType;

        DataViewType IValueMapper.OutputType => new VectorDataViewType(NumberDataViewType.Single, ClassCount);

        ValueMapper<TSource, TResult> IValueMapper.GetMapper<TSource, TResult>()
        {
            Action<VBuffer<float>, float[]> score = CreateRowScorer();
            float[] outputs = new float[ClassCount];
            ValueMapper<VBuffer<float>, VBuffer<float>> mapper = (in VBuffer<float> features, ref VBuffer<float> result) =>
            {
                score(features, outputs);
                VBufferEditor<float> editor = VBufferEditor.Create(ref result, outputs.Length);
                outputs.CopyTo(editor.Values);
                result = editor.Commit();
            };
            return (ValueMapper<TSource, TResult>)(Delegate)mapper;
        }
    }

    /// <summary>Reads what models wrote.</summary>
    public interface IModelReader
    {
        /// <summary>Reads a model.</summary>
        object Read(IHostEnvironment environment, BinaryReader reader);
    }

    /// <summary>What a trainer needs to know of the catalog that it was asked for at.</summary>
    public static class CatalogEnvironment
    {
        /// <summary>The environment of a catalog of trainers.</summary>
        public static IHostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase catalog) => CatalogUtils.GetEnvironment(catalog);
    }

    internal static class ModelLoader
    {
        internal const string ScalarSignature = "OnePassSgdScalar";
        internal const string VectorSignature = "OnePassSgdVector";

        // Fixed, so that a model file can name no other code.
        private const string Reader = "MLNetHyper.OnePassModelReader, MLNetHyper";

        internal static VersionInfo Version(string signature) => new(
            modelSignature: "OPSGDMDL", verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
            loaderSignature: signature, loaderAssemblyName: typeof(ModelLoader).Assembly.FullName);

        internal static object Read(IHostEnvironment environment, ModelLoadContext context, string signature)
        {
            context.CheckAtModel(Version(signature));
            var reader = (IModelReader)Activator.CreateInstance(Type.GetType(Reader, throwOnError: true)!, nonPublic: true)!;
            return reader.Read(environment, context.Reader);
        }
    }

    // ML.NET looks for a method of this name with these parameters and this very result.
    internal static class ScalarModelLoader
    {
        internal static IPredictorProducing<float> Create(IHostEnvironment env, ModelLoadContext ctx) => (IPredictorProducing<float>)ModelLoader.Read(env, ctx, ModelLoader.ScalarSignature);
    }

    internal static class VectorModelLoader
    {
        internal static IPredictorProducing<VBuffer<float>> Create(IHostEnvironment env, ModelLoadContext ctx) => (IPredictorProducing<VBuffer<float>>)ModelLoader.Read(env, ctx, ModelLoader.VectorSignature);
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
