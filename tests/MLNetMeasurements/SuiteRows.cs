using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Measurements;

/// <summary>A suite's rows as ML.NET takes them, and its models' scores as a suite takes them.</summary>
internal static class SuiteRows
{
    internal const string Features = nameof(Row.Features);

    /// <summary>The label of regression.</summary>
    internal const string Label = nameof(Row.Label);

    /// <summary>The label of two classes.</summary>
    internal const string IsPositive = nameof(Row.IsPositive);

    /// <summary>The number of the class.</summary>
    internal const string ClassNumber = nameof(Row.Class);

    /// <summary>The label of several classes.</summary>
    internal const string Key = "Key";

    // One-versus-all scores need not sum to 1.
    internal static double[] Normalized(VBuffer<float> scores)
    {
        double[] values = [.. scores.DenseValues().Select(v => Math.Max((double)v, 1e-15))];
        double sum = values.Sum();
        return Array.ConvertAll(values, v => v / sum);
    }

    internal static double[] Column<T>(IDataView scored, string name, Func<T, double[]> convert)
    {
        List<double> values = [];
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[name]]);
        ValueGetter<T> get = cursor.GetGetter<T>(scored.Schema[name]);
        T value = default!;
        while (cursor.MoveNext())
        {
            get(ref value);
            values.AddRange(convert(value));
        }
        return [.. values];
    }

    internal static IDataView View(MLContext context, params Examples<float>[] parts)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, parts[0].FeatureCount);
        IEnumerable<Row> rows = parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => new Row
        {
            Features = part.Features.AsSpan(i * part.FeatureCount, part.FeatureCount).ToArray(),
            Label = part.Targets[i],
            IsPositive = part.Targets[i] > 0.5f,
            Class = (int)part.Targets[i],
        }));
        return context.Data.Cache(context.Data.LoadFromEnumerable(rows.ToArray(), schema));
    }

    /// <summary>From class numbers to <see cref="Key"/>, all classes known.</summary>
    internal static ITransformer Keys(MLContext context, PreparedData<float> data, IDataView rows)
    {
        int classes = 1 + (int)new[] { data.Train, data.Validation, data.Test! }.Max(part => part.Targets.Max());
        return context.Transforms.Conversion.MapValueToKey(Key, ClassNumber, keyData: context.Data.LoadFromEnumerable(Enumerable.Range(0, classes).Select(c => new ClassName { Class = c }))).Fit(rows);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsPositive { get; set; }

        public int Class { get; set; }
    }

    private sealed class ClassName
    {
        public int Class { get; set; }
    }
}
