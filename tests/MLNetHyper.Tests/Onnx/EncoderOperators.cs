namespace MLNetHyper.Tests.Onnx;

/// <summary>Operators of ai.onnx.ml that turn categories into numbers and back.</summary>
internal static class EncoderOperators
{
    public static OnnxTensor LabelEncoder(OnnxCall call) => Only(call, "keys_strings", "keys_int64s", "keys_floats") switch
    {
        "keys_strings" => Encode(call, call.Attribute<string[]>("keys_strings")),
        "keys_int64s" => Encode(call, call.Attribute<long[]>("keys_int64s")),
        _ => Encode(call, call.Attribute<float[]>("keys_floats")),
    };

    /// <summary>The categories become a further axis.</summary>
    public static OnnxTensor OneHotEncoder(OnnxCall call)
    {
        bool zeros = call.Flag("zeros", true);
        OnnxTensor data = call.Input(0);
        (float[] values, int size) = Only(call, "cats_strings", "cats_int64s") == "cats_strings"
            ? Encode(data.As<string>(), call.Attribute<string[]>("cats_strings"), zeros)
            : Encode(CastOperator.To(data, typeof(long)).As<long>(), call.Attribute<long[]>("cats_int64s"), zeros);
        return new(values, [.. data.Shape, size]);
    }

    private static (float[] Values, int Size) Encode<T>(T[] data, T[] categories, bool zeros)
    {
        float[] values = new float[data.Length * categories.Length];
        for (int i = 0; i < data.Length; i++)
        {
            int category = Array.IndexOf(categories, data[i]);
            if (category >= 0)
                values[(i * categories.Length) + category] = 1;
            else if (!zeros)
                throw new ArgumentException($"OneHotEncoder: '{data[i]}' is not among its categories.");
        }

        return (values, categories.Length);
    }

    private static OnnxTensor Encode<TKey>(OnnxCall call, TKey[] keys) where TKey : notnull
        => Only(call, "values_strings", "values_int64s", "values_floats") switch
        {
            "values_strings" => Encode(call, keys, call.Attribute<string[]>("values_strings"), call.Attribute("default_string", "_Unused")),
            "values_int64s" => Encode(call, keys, call.Attribute<long[]>("values_int64s"), call.Attribute("default_int64", -1L)),
            _ => Encode(call, keys, call.Attribute<float[]>("values_floats"), call.Attribute("default_float", -0f)),
        };

    private static OnnxTensor Encode<TKey, TValue>(OnnxCall call, TKey[] keys, TValue[] values, TValue otherwise) where TKey : notnull
    {
        // ML.NET writes the defaults of the other types too, which say nothing about this one.
        call.Ignore("default_string", "default_int64", "default_float");
        if (keys.Length != values.Length)
            throw new ArgumentException($"LabelEncoder: {keys.Length} keys, {values.Length} values.");
        // ML.NET keeps slot names in an encoder, and several may be empty. ONNX leaves open which value such a key has.
        ILookup<TKey, TValue> map = keys.Zip(values).ToLookup(pair => pair.First, pair => pair.Second);
        return new(Array.ConvertAll(call.Input(0).As<TKey>(), key => map[key].Take(2).ToArray() switch
        {
            [] => otherwise,
            [TValue value] => value,
            _ => throw call.Unsupported($"the key '{key}', which has several values,"),
        }), call.Input(0).Shape);
    }

    private static string Only(OnnxCall call, params string[] attributes)
        => attributes.Where(call.Has).ToArray() is [string only]
            ? only
            : throw new ArgumentException($"Of {string.Join(", ", attributes)} there must be one.");
}
