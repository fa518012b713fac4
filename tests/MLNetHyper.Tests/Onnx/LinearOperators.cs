namespace MLNetHyper.Tests.Onnx;

/// <summary>The linear models of ai.onnx.ml.</summary>
internal static class LinearOperators
{
    public static OnnxTensor Regressor(OnnxCall call) => Scores(call, (int)call.Attribute("targets", 1L));

    /// <summary>The class of the largest score, and the scores.</summary>
    public static OnnxTensor[] Classifier(OnnxCall call)
    {
        // Scores for each class, so that it makes no difference whether each had been trained against the rest.
        call.Attribute("multi_class", 0L);
        return call.Has("classlabels_strings")
            ? Classify(call, call.Attribute<string[]>("classlabels_strings"))
            : Classify(call, call.Attribute<long[]>("classlabels_ints"));
    }

    private static OnnxTensor[] Classify<T>(OnnxCall call, T[] labels)
    {
        OnnxTensor scores = Scores(call, labels.Length);
        IEnumerable<T> best = scores.As<float>().Chunk(labels.Length).Select(row => labels[Array.IndexOf(row, row.Max())]);
        return [new(best.ToArray(), scores.Shape[0]), scores];
    }

    private static OnnxTensor Scores(OnnxCall call, int targets)
    {
        float[] coefficients = call.Attribute<float[]>("coefficients");
        float[] intercepts = call.Attribute("intercepts", new float[targets]);
        Func<double[], double[]> transform = call.Attribute("post_transform", "NONE") switch
        {
            "NONE" => row => row,
            "SOFTMAX" => ReductionOperators.Softmax,
            "LOGISTIC" => row => Array.ConvertAll(row, value => 1 / (1 + Math.Exp(-value))),
            string other => throw call.Unsupported($"the post_transform '{other}'"),
        };
        OnnxTensor data = call.FloatInput(0);
        if (data.Shape is not [int rows, int size] || coefficients.Length != targets * size || intercepts.Length != targets)
            throw new ArgumentException($"{coefficients.Length} coefficients and {intercepts.Length} intercepts for {targets} results of {data}.");
        IEnumerable<double[]> scores = data.As<float>().Chunk(size).Select(row => transform([.. intercepts.Select(
            (intercept, target) => intercept + row.Select((value, i) => (double)value * coefficients[(target * size) + i]).Sum())]));
        return new(scores.SelectMany(row => row).Select(score => (float)score).ToArray(), rows, targets);
    }
}
