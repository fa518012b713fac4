using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Onnx;

/// <summary>A column of an IDataView, or an output of a graph: the values of all rows, one row after the other.</summary>
/// <param name="Values">An array of floats, strings, and so on.</param>
/// <param name="Width">How many there are in a row.</param>
internal sealed record Column(Array Values, int Width)
{
    public static Column Read(IDataView data, string name)
    {
        DataViewSchema.Column column = data.Schema[name];
        Type type = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return type == typeof(float) ? Read<float, float>(data, column, value => value)
            : type == typeof(long) ? Read<long, long>(data, column, value => value)
            : type == typeof(int) ? Read<int, int>(data, column, value => value)
            : type == typeof(uint) ? Read<uint, uint>(data, column, value => value)
            : type == typeof(bool) ? Read<bool, bool>(data, column, value => value)
            : type == typeof(ReadOnlyMemory<char>) ? Read<ReadOnlyMemory<char>, string>(data, column, value => value.ToString())
            : throw new NotSupportedException($"The column '{name}' is of {column.Type}.");
    }

    private static Column Read<T, TValue>(IDataView data, DataViewSchema.Column column, Func<T, TValue> convert)
    {
        List<TValue> values = [];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        if (column.Type is VectorDataViewType vector)
        {
            ValueGetter<VBuffer<T>> get = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> row = default;
            while (cursor.MoveNext())
            {
                get(ref row);
                values.AddRange(row.DenseValues().Select(convert));
            }
            return new(values.ToArray(), vector.Size);
        }
        ValueGetter<T> getOne = cursor.GetGetter<T>(column);
        while (cursor.MoveNext())
        {
            T value = default!;
            getOne(ref value);
            values.Add(convert(value));
        }
        return new(values.ToArray(), 1);
    }
}
