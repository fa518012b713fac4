using static MLNetHyper.Tests.Onnx.ElementwiseOperators;

namespace MLNetHyper.Tests.Onnx;

/// <summary>The operators that the evaluator knows, as opset 12 (of which 11 has the same) and ai.onnx.ml 2 define them.</summary>
internal static class OnnxOperators
{
    private sealed record Definition(int MostInputs, Func<OnnxCall, OnnxTensor[]> Evaluate);

    private static readonly Dictionary<string, Definition> _all = new()
    {
        ["Add"] = One(2, Binary<Plus>()),
        ["Sub"] = One(2, Binary<Minus>()),
        ["Mul"] = One(2, Binary<Times>()),
        ["Div"] = One(2, Binary<Over>()),
        ["Sum"] = One(int.MaxValue, Variadic<Plus>()),
        ["Max"] = One(int.MaxValue, Variadic<Greatest>()),
        ["Min"] = One(int.MaxValue, Variadic<Least>()),
        ["Clip"] = One(3, Clip),
        ["Relu"] = One(1, Unary(value => value < 0 ? 0 : value)),
        ["Tanh"] = One(1, Unary(Math.Tanh)),
        ["Sigmoid"] = One(1, Unary(value => 1 / (1 + Math.Exp(-value)))),
        ["Exp"] = One(1, Unary(Math.Exp)),
        ["Log"] = One(1, Unary(Math.Log)),
        ["Sqrt"] = One(1, Unary(Math.Sqrt)),
        ["Neg"] = One(1, Unary(value => -value)),
        ["Abs"] = One(1, Unary(Math.Abs)),
        ["Greater"] = One(2, Compare(order => order > 0)),
        ["Less"] = One(2, Compare(order => order < 0)),
        ["Equal"] = One(2, Compare(order => order == 0)),
        ["Not"] = One(1, Not),
        ["IsNaN"] = One(1, IsNaN),
        ["Where"] = One(3, Where),
        ["Cast"] = One(1, CastOperator.Cast),
        ["Identity"] = One(1, call => call.Input(0)),
        ["Reshape"] = One(2, ShapeOperators.Reshape),
        ["Squeeze"] = One(1, ShapeOperators.Squeeze),
        ["Unsqueeze"] = One(1, ShapeOperators.Unsqueeze),
        ["Concat"] = One(int.MaxValue, ShapeOperators.Concat),
        ["Gather"] = One(2, ShapeOperators.Gather),
        ["GatherElements"] = One(2, ShapeOperators.GatherElements),
        ["Gemm"] = One(3, MatrixOperators.Gemm),
        ["MatMul"] = One(2, MatrixOperators.MatMul),
        ["Softmax"] = One(1, ReductionOperators.Softmax),
        ["ArgMax"] = One(1, ReductionOperators.ArgMax),
        ["ReduceMax"] = One(1, ReductionOperators.Max),
        ["ReduceMean"] = One(1, ReductionOperators.Mean),
        ["ReduceSum"] = One(1, ReductionOperators.Sum),
        ["ai.onnx.ml.ArrayFeatureExtractor"] = One(2, FeatureOperators.ArrayFeatureExtractor),
        ["ai.onnx.ml.Binarizer"] = One(1, FeatureOperators.Binarizer),
        ["ai.onnx.ml.FeatureVectorizer"] = One(int.MaxValue, FeatureOperators.FeatureVectorizer),
        ["ai.onnx.ml.Imputer"] = One(1, FeatureOperators.Imputer),
        ["ai.onnx.ml.Normalizer"] = One(1, FeatureOperators.Normalizer),
        ["ai.onnx.ml.Scaler"] = One(1, FeatureOperators.Scaler),
        ["ai.onnx.ml.LabelEncoder"] = One(1, EncoderOperators.LabelEncoder),
        ["ai.onnx.ml.OneHotEncoder"] = One(1, EncoderOperators.OneHotEncoder),
        ["ai.onnx.ml.LinearRegressor"] = One(1, LinearOperators.Regressor),
        ["ai.onnx.ml.LinearClassifier"] = new(1, LinearOperators.Classifier),
    };

    public static OnnxTensor[] Evaluate(OnnxNode node, params OnnxTensor?[] inputs)
    {
        if (!_all.TryGetValue(node.Kind, out Definition? definition))
            throw new NotSupportedException($"{node}: the operator '{node.Kind}' is not supported.");
        var call = new OnnxCall(node, inputs);
        OnnxTensor[] outputs = definition.Evaluate(call);
        call.CheckUse(definition.MostInputs);
        return outputs;
    }

    private static Definition One(int mostInputs, Func<OnnxCall, OnnxTensor> evaluate) => new(mostInputs, call => [evaluate(call)]);
}
