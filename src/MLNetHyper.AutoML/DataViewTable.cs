using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.AutoML;

/// <summary>From an IDataView's features and label to the engine's table. Rows in which something is missing are left out, as ML.NET's trainers leave them out.</summary>
internal static class DataViewTable
{
    internal static (Table Table, LearningTask Task) Read(IDataView data, string labelColumn, string featureColumn)
    {
        DataViewSchema.Column label = Column(data, labelColumn), features = Column(data, featureColumn);
        if (features.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"The feature column '{featureColumn}' is {features.Type}, but must be a known-size vector of Single. Concatenate the features first.", nameof(data));
        (LearningTask task, Func<DataViewRowCursor, Func<double>> getter) = Label(label);
        var rows = new List<float[]>();
        var labels = new List<double>();
        using DataViewRowCursor cursor = data.GetRowCursor([label, features]);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        Func<double> getLabel = getter(cursor);
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            getFeatures(ref row);
            float[] values = [.. row.DenseValues()];
            double value = getLabel();
            if (!double.IsFinite(value) || !values.All(float.IsFinite))
                continue;
            rows.Add(values);
            labels.Add(value);
        }
        TableColumn[] columns = [.. Enumerable.Range(0, vector.Size).Select(k => new TableColumn($"{featureColumn}[{k}]", [.. rows.Select(values => (double)values[k])]))];
        return (new Table([.. columns, new TableColumn(labelColumn, [.. labels])]), task);
    }

    private static (LearningTask, Func<DataViewRowCursor, Func<double>>) Label(DataViewSchema.Column label) => label.Type switch
    {
        NumberDataViewType type when type == NumberDataViewType.Single => (LearningTask.Regression, cursor => Get<float>(cursor, label, y => y)),
        BooleanDataViewType => (LearningTask.Binary, cursor => Get<bool>(cursor, label, y => y ? 1 : 0)),
        KeyDataViewType key when key.RawType == typeof(uint) => (LearningTask.Multiclass, cursor => Get<uint>(cursor, label, y => y == 0 ? double.NaN : y)),
        _ => throw new ArgumentException($"The label column '{label.Name}' is {label.Type}, but must be Single for regression, Boolean for two classes or a key for several. Convert it first.", nameof(label)),
    };

    private static Func<double> Get<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, double> convert)
    {
        ValueGetter<T> get = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }

    private static DataViewSchema.Column Column(IDataView data, string name) => data.Schema.GetColumnOrNull(name)
        ?? throw new ArgumentException($"The data have no column '{name}'; they have {string.Join(", ", data.Schema.Select(c => c.Name))}.", nameof(data));
}
