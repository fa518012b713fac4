using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace MLNetHyper.Tests.Onnx;

/// <summary>A model as ML.NET exports it, scored by ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly MLContext _context;
    private readonly byte[] _bytes;
    private readonly InferenceSession _session;

    public ExportedModel(MLContext context, ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        context.Model.ConvertToOnnx(model, data, stream);
        (_context, _bytes) = (context, stream.ToArray());
        _session = new(_bytes);
    }

    /// <summary>An output for all rows at once, whose columns bear the names of the graph's inputs.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="output">The column that the graph calls "NAME.output".</param>
    public Column Score(IDataView data, string output)
    {
        NamedOnnxValue[] inputs = [.. _session.InputNames.Select(name => Input(name, Column.Read(data, name)))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(inputs, [output + ".output"]);
        return results.Single().Value switch
        {
            Tensor<float> tensor => Output(tensor),
            Tensor<bool> tensor => Output(tensor),
            Tensor<uint> tensor => Output(tensor),
            Tensor<string> tensor => Output(tensor),
            object other => throw new NotSupportedException($"'{output}' is of {other.GetType()}."),
        };
    }

    /// <summary>The same output by the transform that ML.NET has for graphs, which goes row by row and cuts its name at the dot.</summary>
    public Column Apply(IDataView data, string output)
    {
        using OnnxTransformer transformer = _context.Transforms.ApplyOnnxModel([output + ".output"], [.. _session.InputNames], new MemoryStream(_bytes)).Fit(data);
        return Column.Read(transformer.Transform(data), output);
    }

    public void Dispose() => _session.Dispose();

    // By the element's type: an array of uint is one of int as well, says .NET.
    private static NamedOnnxValue Input(string name, Column column) => Type.GetTypeCode(column.Values.GetType().GetElementType()) switch
    {
        TypeCode.Single => Input<float>(name, column),
        TypeCode.Int64 => Input<long>(name, column),
        TypeCode.Int32 => Input<int>(name, column),
        TypeCode.UInt32 => Input<uint>(name, column),
        TypeCode.Boolean => Input<bool>(name, column),
        TypeCode.String => Input<string>(name, column),
        _ => throw new NotSupportedException($"'{name}' is of {column.Values.GetType()}."),
    };

    private static NamedOnnxValue Input<T>(string name, Column column) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>((T[])column.Values, [column.Values.Length / column.Width, column.Width]));

    private static Column Output<T>(Tensor<T> tensor) => new(tensor.ToArray(), tensor.Dimensions[^1]);
}
