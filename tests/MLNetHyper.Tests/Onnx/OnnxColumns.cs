using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Columns of an IDataView as tensors with one row for each of its rows.</summary>
internal static class OnnxColumns
{
    public static Dictionary<string, OnnxTensor> Read(IDataView data, IReadOnlyList<OnnxValueInfo> inputs)
        => inputs.ToDictionary(input => input.Name, input => Read(data, data.Schema.GetColumnOrNull(input.Name)
            ?? throw new ArgumentException($"The data have no column '{input.Name}', which is an input of the graph.")));

    public static OnnxTensor Read(IDataView data, DataViewSchema.Column column)
    {
        Type type = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return type == typeof(float) ? Read(data, column, (float value) => value)
            : type == typeof(double) ? Read(data, column, (double value) => value)
            : type == typeof(long) ? Read(data, column, (long value) => value)
            : type == typeof(int) ? Read(data, column, (int value) => value)
            : type == typeof(uint) ? Read(data, column, (uint value) => value)
            : type == typeof(bool) ? Read(data, column, (bool value) => value)
            : type == typeof(ReadOnlyMemory<char>) ? Read(data, column, (ReadOnlyMemory<char> value) => value.ToString())
            : throw new NotSupportedException($"The column '{column.Name}' is of {column.Type}.");
    }

    private static OnnxTensor Read<T, TValue>(IDataView data, DataViewSchema.Column column, Func<T, TValue> convert)
    {
        List<TValue> values = [];
        int rows = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        if (column.Type is VectorDataViewType vector)
        {
            if (!vector.IsKnownSize || vector.Dimensions.Length != 1)
                throw new NotSupportedException($"The column '{column.Name}' is of {vector}.");
            ValueGetter<VBuffer<T>> get = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> buffer = default;
            for (; cursor.MoveNext(); rows++)
            {
                get(ref buffer);
                values.AddRange(buffer.DenseValues().Select(convert));
            }

            return new(values.ToArray(), rows, vector.Size);
        }

        ValueGetter<T> getOne = cursor.GetGetter<T>(column);
        for (; cursor.MoveNext(); rows++)
        {
            T value = default!;
            getOne(ref value);
            values.Add(convert(value));
        }

        return new(values.ToArray(), rows, 1);
    }
}
