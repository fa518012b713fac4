namespace MLNetHyper.Tests.Onnx;

/// <summary>Operators of ai.onnx.ml that prepare features.</summary>
internal static class FeatureOperators
{
    public static OnnxTensor FeatureVectorizer(OnnxCall call)
    {
        long[] sizes = call.Attribute<long[]>("inputdimensions");
        OnnxTensor[] inputs = [.. Enumerable.Range(0, call.InputCount).Select(call.FloatInput)];
        int rows = inputs[0].Shape[0];
        // ML.NET gives it an encoder's [rows, 1, categories] as well, whose values it takes row by row.
        if (inputs.Length != sizes.Length || inputs.Where((input, i) => input.Shape.Length < 2 || input.Shape[0] != rows
            || OnnxTensor.Count(input.Shape.AsSpan(1)) != sizes[i]).Any())
            throw new ArgumentException($"FeatureVectorizer of {string.Join(", ", inputs.AsEnumerable())} as {string.Join(", ", sizes)}.");
        var values = new List<float>();
        for (int row = 0; row < rows; row++)
            foreach (OnnxTensor input in inputs)
            {
                int size = input.Values.Length / rows;
                values.AddRange(input.As<float>().AsSpan(row * size, size));
            }

        return new(values.ToArray(), rows, (int)sizes.Sum());
    }

    public static OnnxTensor Scaler(OnnxCall call)
    {
        float[] offset = call.Attribute<float[]>("offset"), scale = call.Attribute<float[]>("scale");
        return Map(call.FloatInput(0), (value, feature) => (value - At(offset, feature)) * At(scale, feature), offset, scale);
    }

    public static OnnxTensor Imputer(OnnxCall call)
    {
        float[] imputed = call.Attribute<float[]>("imputed_value_floats");
        float replaced = call.Attribute("replaced_value_float", 0f);
        // Equals, for which NaN is NaN.
        return call.Input(0).Values is float[]? Map(call.Input(0), (value, feature) => value.Equals(replaced) ? At(imputed, feature) : value, imputed)
            : throw call.Unsupported(call.Input(0).ToString());
    }

    public static OnnxTensor Binarizer(OnnxCall call)
    {
        float threshold = call.Attribute("threshold", 0f);
        return call.Input(0).Values is float[] values
            ? new(Array.ConvertAll(values, value => value > threshold ? 1f : 0f), call.Input(0).Shape)
            : throw call.Unsupported(call.Input(0).ToString());
    }

    public static OnnxTensor Normalizer(OnnxCall call)
    {
        Func<float[], double> norm = call.Attribute("norm", "MAX") switch
        {
            "MAX" => row => row.Max(),
            "L1" => row => row.Sum(value => Math.Abs((double)value)),
            "L2" => row => Math.Sqrt(row.Sum(value => (double)value * value)),
            string other => throw call.Unsupported($"the norm '{other}'"),
        };
        OnnxTensor data = call.FloatInput(0);
        return new(data.As<float>().Chunk(data.Shape[^1]).SelectMany(row => row.Select(value => (float)(value / norm(row)))).ToArray(), data.Shape);
    }

    public static OnnxTensor ArrayFeatureExtractor(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        long[] features = call.Input(1).As<long>();
        int size = data.Shape[^1], rows = data.Values.Length / size;
        if (features.Any(feature => feature < 0 || feature >= size))
            throw new ArgumentException($"ArrayFeatureExtractor: {data} has no feature {features.Max()}.");
        var values = Array.CreateInstance(data.ElementType, rows * features.Length);
        for (int i = 0; i < values.Length; i++)
            Array.Copy(data.Values, (i / features.Length * size) + features[i % features.Length], values, i, 1);
        return new(values, data.Shape.Length == 1 ? [1, features.Length] : [.. data.Shape[..^1], features.Length]);
    }

    /// <summary>Either one number for each feature or one for all.</summary>
    private static float At(float[] perFeature, int feature) => perFeature[perFeature.Length == 1 ? 0 : feature];

    private static OnnxTensor Map(OnnxTensor data, Func<float, int, float> function, params float[][] perFeature)
    {
        int size = data.Shape[^1];
        return perFeature.All(numbers => numbers.Length == 1 || numbers.Length == size)
            ? new(data.As<float>().Select((value, i) => function(value, i % size)).ToArray(), data.Shape)
            : throw new ArgumentException($"{string.Join(" and ", perFeature.Select(numbers => numbers.Length))} numbers for {data}.");
    }
}
