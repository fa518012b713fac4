using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>How a table's columns become features, as ML.NET's own transforms, and the network behind them.</summary>
internal sealed class TableChain(MLContext context, OnePassModel model)
{
    private const string Features = NetworkTrainerOptions.Defaults.FeatureColumnName, PredictedLabel = "PredictedLabel";

    private readonly HashSet<string> _names = [.. model.Features.Columns, Features];

    internal ITransformer Create(out DataViewSchema inputSchema)
    {
        IReadOnlyList<ColumnEncoding> encodings = model.Features.Encodings;
        // No transform learns from rows: what was learned is in the encodings.
        List<(string Name, DataKind Kind)> inputs = [];
        List<IEstimator<ITransformer>> steps = [];
        string[] parts = [.. encodings.SelectMany(encoding => Encode(encoding, inputs, steps))];
        IDataView empty = context.Data.CreateTextLoader([.. inputs.Select((input, i) => new TextLoader.Column(input.Name, input.Kind, i))]).Load(new MultiFileSource(null));
        inputSchema = empty.Schema;
        steps.Add(context.Transforms.Concatenate(Features, parts));
        List<ITransformer> chain = [];
        IDataView rows = empty;
        foreach (IEstimator<ITransformer> step in steps)
        {
            chain.Add(step.Fit(rows));
            rows = chain[^1].Transform(rows);
        }
        chain.Add(Predictor(rows.Schema));
        if (model.Target.Task == LearningTask.Multiclass)
            chain.Add(context.Transforms.Conversion.MapKeyToValue(PredictedLabel).Fit(chain[^1].Transform(rows)));
        return new TransformerChain<ITransformer>([.. chain]);
    }

    /// <summary>Adds the inputs that a column is and what makes features of them.</summary>
    /// <returns>The names of the columns that are to be joined; the network standardizes them and takes the mean for what is missing.</returns>
    private IEnumerable<string> Encode(ColumnEncoding encoding, List<(string, DataKind)> inputs, List<IEstimator<ITransformer>> steps)
    {
        switch (encoding)
        {
            case DateEncoding dates:
                string[] numbers = [.. dates.Numbers.Select(Unique)];
                inputs.AddRange(numbers.Select(number => (number, DataKind.Single)));
                return [.. dates.Parts.Count > 0 ? numbers : [], .. dates.HasIndicator ? [Missing(numbers[0], dates.Column, steps)] : Array.Empty<string>()];
            case CategoryEncoding categories:
                inputs.Add((encoding.Column, DataKind.String));
                return Encode(categories, steps);
            case NumericEncoding number:
                inputs.Add((encoding.Column, DataKind.Single));
                return [.. number.Deviation > 0 ? [number.Column] : Array.Empty<string>(), .. number.HasIndicator ? [Missing(number.Column, number.Column, steps)] : Array.Empty<string>()];
            case BucketEncoding buckets:
                inputs.Add((encoding.Column, DataKind.String));
                return Encode(buckets, steps);
            default:
                throw new UnreachableException($"Encodings of the kind {encoding.GetType().Name} have no transforms here.");
        }
    }

    private string Missing(string input, string column, List<IEstimator<ITransformer>> steps)
    {
        string missing = Unique($"{column} is missing");
        steps.Add(context.Transforms.IndicateMissingValues(missing, input));
        steps.Add(context.Transforms.Conversion.ConvertType(missing, outputKind: DataKind.Single));
        return missing;
    }

    private IEnumerable<string> Encode(CategoryEncoding encoding, List<IEstimator<ITransformer>> steps)
    {
        string known = Unique($"{encoding.Column} known"), other = Unique($"{encoding.Column} is other or missing"), categories = Unique($"{encoding.Column} categories");
        KeyValuePair<string, string>[] spellings = [.. encoding.Categories.SelectMany(category => encoding.Spellings(category).Select(spelling => KeyValuePair.Create(spelling, category)))];
        steps.Add(context.Transforms.Conversion.MapValue(categories, spellings, encoding.Column));
        IDataView keys = context.Data.LoadFromEnumerable(encoding.Categories.Select(category => new Key(category)));
        steps.Add(context.Transforms.Conversion.MapValueToKey(categories, categories, keyData: keys));
        steps.Add(context.Transforms.Conversion.MapKeyToVector(categories));
        steps.Add(context.Transforms.Conversion.MapValue(known, spellings.Select(spelling => KeyValuePair.Create(spelling.Key, 1f)), encoding.Column));
        // Unknown texts are mapped to no number, or to 0.
        steps.Add(context.Transforms.Expression(other, "(known) => known > 0f ? 0f : 1f", known));
        return [categories, other];
    }

    private IEnumerable<string> Encode(BucketEncoding encoding, List<IEstimator<ITransformer>> steps)
    {
        string known = Unique($"{encoding.Column} known"), bucket = Unique($"{encoding.Column} bucket");
        steps.Add(context.Transforms.Conversion.MapValue(known, encoding.Categories.Select((category, place) => KeyValuePair.Create(category, (float)encoding.BucketOf(place))), encoding.Column));
        // Unknown texts are mapped to no number, or to 0.
        steps.Add(context.Transforms.Expression(bucket, $"(known) => known > 0f ? known : {encoding.Other}f", known));
        return [bucket];
    }

    private ITransformer Predictor(DataViewSchema schema)
    {
        switch (model.Target.Task)
        {
            case LearningTask.Regression:
                return Predictor(NetworkTask.Regression, schema);
            case LearningTask.Binary:
                return Predictor(NetworkTask.Binary, schema);
            default:
                var annotations = new DataViewSchema.Annotations.Builder();
                ReadOnlyMemory<char>[] names = [.. model.Target.ClassNames.Select(name => name.AsMemory())];
                annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length), (ref VBuffer<ReadOnlyMemory<char>> values) => values = new(names.Length, names));
                var builder = new DataViewSchema.Builder();
                builder.AddColumns(schema);
                builder.AddColumn(model.Target.LabelColumn, new KeyDataViewType(typeof(uint), names.Length), annotations.ToAnnotations());
                return Predictor(NetworkTask.Multiclass, builder.ToSchema());
        }
    }

    private ITransformer Predictor<TTransformer, TModel>(NetworkTask<TTransformer, TModel> task, DataViewSchema schema) where TTransformer : ITransformer
    {
        IHostEnvironment environment = CatalogEnvironment.Of(context);
        return task.Bridged.CreateTransformer(environment, task.Wrap(environment, model.Network), schema, Features, model.Target.LabelColumn);
    }

    private string Unique(string name)
    {
        string own = name;
        for (int i = 1; !_names.Add(own); i++)
            own = $"{name} {i}";
        return own;
    }

    private sealed record Key(string Value);
}
