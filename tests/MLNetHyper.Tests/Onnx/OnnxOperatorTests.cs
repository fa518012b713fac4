namespace MLNetHyper.Tests.Onnx;

/// <summary>The operators against results worked out by hand after the specification's examples.</summary>
[TestClass]
public sealed class OnnxOperatorTests
{
    private const string Ml = "ai.onnx.ml";

    private static readonly OnnxTensor _matrix = Floats([2, 3], 1, 2, 3, 4, 5, 6);

    private static readonly (OnnxNode Node, OnnxTensor?[] Inputs, OnnxTensor Expected)[] _cases =
    [
        (Node("Add"), [_matrix, Floats([3], 10, 20, 30)], Floats([2, 3], 11, 22, 33, 14, 25, 36)),
        (Node("Sub"), [_matrix, Floats([2, 1], 1, 4)], Floats([2, 3], 0, 1, 2, 0, 1, 2)),
        (Node("Mul"), [Floats([2, 1], 2, 3), Floats([1, 2], 5, 7)], Floats([2, 2], 10, 14, 15, 21)),
        (Node("Div"), [Longs([2], -7, 7), Longs([], 2)], Longs([2], -3, 3)),
        (Node("Sum"), [Floats([2], 1, 2), Floats([], 3), Floats([2], 4, 5)], Floats([2], 8, 10)),
        (Node("Max"), [Floats([2], 1, 5), Floats([], 3)], Floats([2], 3, 5)),
        (Node("Clip"), [_matrix, Floats([], 2), Floats([], 5)], Floats([2, 3], 2, 2, 3, 4, 5, 5)),
        (Node("Clip"), [_matrix, null, Floats([], 4)], Floats([2, 3], 1, 2, 3, 4, 4, 4)),
        (Node("Relu"), [Floats([3], -1, 0, 2)], Floats([3], 0, 0, 2)),
        (Node("Tanh"), [Floats([2], -1, 0)], Floats([2], -0.7615942f, 0)),
        (Node("Sigmoid"), [Floats([3], -200, 0, 1)], Floats([3], 0, 0.5f, 0.7310586f)),
        (Node("Exp"), [Floats([2], 0, 1)], Floats([2], 1, 2.7182817f)),
        (Node("Min"), [Floats([2], 1, 5), Floats([], 3)], Floats([2], 1, 3)),
        (Node("Log"), [Floats([2], 1, 2)], Floats([2], 0, 0.6931472f)),
        (Node("Sqrt"), [Floats([2], 4, 2)], Floats([2], 2, 1.4142135f)),
        (Node("Neg"), [Floats([2], 4, -2)], Floats([2], -4, 2)),
        (Node("Abs"), [Floats([2], 4, -2)], Floats([2], 4, 2)),
        (Node("Not"), [new(new[] { true, false }, 2)], new(new[] { false, true }, 2)),
        (Node("Less"), [Longs([3], 1, 2, 3), Longs([], 2)], new(new[] { true, false, false }, 3)),
        (Node("Equal"), [Longs([3], 1, 2, 3), Longs([], 2)], new(new[] { false, true, false }, 3)),
        (Node("Identity"), [_matrix], _matrix),
        (Node("ReduceMean", ("axes", new[] { 1L })), [_matrix], Floats([2, 1], 2, 5)),
        (MlNode("Imputer", ("imputed_value_floats", new[] { 7f, 8, 9 }), ("replaced_value_float", 5f)), [_matrix], Floats([2, 3], 1, 2, 3, 4, 8, 6)),
        (Node("Greater"), [Floats([3], 1, 2, float.NaN), Floats([], 1)], new(new[] { false, true, false }, 3)),
        (Node("Where"), [new(new[] { true, false }, 2, 1), _matrix, Floats([], 0)], Floats([2, 3], 1, 2, 3, 0, 0, 0)),
        (Node("Cast", ("to", 7L)), [Floats([2], -1.9f, 2.9f)], Longs([2], -1, 2)),
        (Node("Cast", ("to", 8L)), [Longs([2], -1, 2)], Texts([2], "-1", "2")),
        (Node("Cast", ("to", 9L)), [Floats([2], 0, 0.5f)], new(new[] { false, true }, 2)),
        (Node("Reshape"), [_matrix, Longs([2], -1, 2)], Floats([3, 2], 1, 2, 3, 4, 5, 6)),
        (Node("Reshape"), [_matrix, Longs([3], 0, 1, -1)], Floats([2, 1, 3], 1, 2, 3, 4, 5, 6)),
        (Node("Squeeze"), [Floats([1, 2, 1], 1, 2)], Floats([2], 1, 2)),
        (Node("Squeeze", ("axes", new[] { -1L })), [Floats([1, 2, 1], 1, 2)], Floats([1, 2], 1, 2)),
        (Node("Unsqueeze", ("axes", new[] { 0L, -1L })), [Floats([2], 1, 2)], Floats([1, 2, 1], 1, 2)),
        (Node("Concat", ("axis", -1L)), [_matrix, Floats([2, 1], 7, 8)], Floats([2, 4], 1, 2, 3, 7, 4, 5, 6, 8)),
        (Node("Concat", ("axis", 0L)), [_matrix, Floats([1, 3], 7, 8, 9)], Floats([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9)),
        (Node("Gather", ("axis", 1L)), [_matrix, Longs([2], 2, 0)], Floats([2, 2], 3, 1, 6, 4)),
        (Node("GatherElements"), [_matrix, Longs([1, 3], 1, 0, 1)], Floats([1, 3], 4, 2, 6)),
        (Node("MatMul"), [_matrix, Floats([3, 1], 1, 0, 2)], Floats([2, 1], 7, 16)),
        (Node("Gemm", ("alpha", 2f), ("beta", 10f), ("transB", 1L)), [_matrix, Floats([1, 3], 1, 0, 2), Floats([1], 1)], Floats([2, 1], 24, 42)),
        (Node("Gemm", ("transA", 1L)), [_matrix, Floats([2, 1], 1, 2)], Floats([3, 1], 9, 12, 15)),
        (Node("Softmax"), [Floats([2, 2], 0, 0, 1000, 1001)], Floats([2, 2], 0.5f, 0.5f, 0.2689414f, 0.7310586f)),
        (Node("ArgMax", ("axis", 1L)), [Floats([2, 3], 1, 5, 5, 7, 2, 1)], Longs([2, 1], 1, 0)),
        (Node("ArgMax", ("axis", -1L), ("keepdims", 0L), ("select_last_index", 1L)), [Floats([2, 3], 1, 5, 5, 7, 2, 1)], Longs([2], 2, 0)),
        (Node("ReduceMax", ("axes", new[] { 0L }), ("keepdims", 0L)), [_matrix], Floats([3], 4, 5, 6)),
        (Node("ReduceSum", ("axes", new[] { 1L })), [_matrix], Floats([2, 1], 6, 15)),
        (Node("ReduceSum"), [_matrix], Floats([1, 1], 21)),
        (MlNode("Scaler", ("offset", new[] { 1f }), ("scale", new[] { 1f, 2, 3 })), [_matrix], Floats([2, 3], 0, 2, 6, 3, 8, 15)),
        (MlNode("Normalizer", ("norm", "L1")), [Floats([1, 2], -1, 3)], Floats([1, 2], -0.25f, 0.75f)),
        (MlNode("Normalizer", ("norm", "L2")), [Floats([1, 2], -3, 4)], Floats([1, 2], -0.6f, 0.8f)),
        (MlNode("Normalizer"), [_matrix], Floats([2, 3], 1 / 3f, 2 / 3f, 1, 4 / 6f, 5 / 6f, 1)),
        (MlNode("Binarizer", ("threshold", 3f)), [_matrix], Floats([2, 3], 0, 0, 0, 1, 1, 1)),
        (MlNode("ArrayFeatureExtractor"), [_matrix, Longs([2], 2, 0)], Floats([2, 2], 3, 1, 6, 4)),
        (MlNode("FeatureVectorizer", ("inputdimensions", new[] { 3L, 1 })), [_matrix, Longs([2, 1], 7, 8)], Floats([2, 4], 1, 2, 3, 7, 4, 5, 6, 8)),
        (MlNode("OneHotEncoder", ("cats_strings", new[] { "a", "b" })), [Texts([3, 1], "b", "?", "a")], Floats([3, 1, 2], 0, 1, 0, 0, 1, 0)),
        (MlNode("LabelEncoder", ("keys_strings", new[] { "a" }), ("values_floats", new[] { 2f })), [Texts([2], "a", "?")], Floats([2], 2, -0f)),
        (MlNode("LabelEncoder", ("keys_int64s", new[] { 1L }), ("values_strings", new[] { "a" })), [Longs([2], 1, 2)], Texts([2], "a", "_Unused")),
        (MlNode("LinearRegressor", ("coefficients", new[] { 1f, 0, 1, 0, 1, 0 }), ("intercepts", new[] { 10f, 20 }), ("targets", 2L)), [_matrix], Floats([2, 2], 14, 22, 20, 25)),
        (MlNode("LinearClassifier", ("coefficients", new[] { 1f, 0, 0, 0, 0, 1 }), ("classlabels_ints", new[] { 5L, 6 })), [_matrix], Longs([2], 6, 6)),
    ];

    public static IEnumerable<object[]> Numbers => Enumerable.Range(0, _cases.Length).Select(i => new object[] { i });

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Operators_give_what_the_specification_says(int number)
    {
        (OnnxNode node, OnnxTensor?[] inputs, OnnxTensor expected) = _cases[number];
        Agreement.Check(expected, OnnxOperators.Evaluate(node, inputs)[0], $"{number}: {node.Kind}");
    }

    [TestMethod]
    public void What_is_not_known_is_refused_by_name()
    {
        Refuses(Node("Erf"), "'Erf'", _matrix);
        Refuses(Node("Scaler"), "'Scaler'", _matrix);
        Refuses(Node("Relu", ("alpha", 1f)), "'alpha'", _matrix);
        Refuses(Node("Relu"), "Int64", Longs([1], 1));
        Refuses(Node("Relu"), "input 1", _matrix, _matrix);
        Refuses(Node("Cast", ("to", 16L)), "16", _matrix);
        Refuses(Node("Cast", ("to", 8L)), "Single to String", _matrix);
        Refuses(MlNode("Normalizer", ("norm", "L3")), "'L3'", _matrix);
        Refuses(MlNode("LinearRegressor", ("coefficients", new float[3]), ("post_transform", "PROBIT")), "'PROBIT'", _matrix);
        Refuses(MlNode("LabelEncoder", ("keys_strings", new[] { "a", "a" }), ("values_floats", new[] { 1f, 2 })), "'a'", Texts([1], "a"));
    }

    private static void Refuses(OnnxNode node, string named, params OnnxTensor[] inputs)
        => StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => OnnxOperators.Evaluate(node, inputs)).Message, named);

    private static OnnxNode Node(string kind, params (string Name, object Value)[] attributes)
        => new("", kind, ["x"], ["y"], attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value));

    private static OnnxNode MlNode(string kind, params (string Name, object Value)[] attributes) => Node(kind, attributes) with { Domain = Ml };

    private static OnnxTensor Floats(int[] shape, params float[] values) => new(values, shape);

    private static OnnxTensor Longs(int[] shape, params long[] values) => new(values, shape);

    private static OnnxTensor Texts(int[] shape, params string[] values) => new(values, shape);
}
