using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>The handwritten digits that ship, in the order of their file, pixels from 0 to 1. Run in the repository's root.</summary>
internal sealed class Digits : IDisposable
{
    private const int Pixels = 64;

    internal Digits()
    {
        float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
        using Tensor counts = tensor(rows.SelectMany(row => row[..Pixels]).ToArray(), [rows.Length, Pixels]);
        Inputs = counts / 16;
        Labels = tensor(rows.Select(row => (long)row[Pixels]).ToArray());
    }

    internal Tensor Inputs { get; }

    internal Tensor Labels { get; }

    /// <summary>The share of the examples from one on whose class a module finds.</summary>
    internal double Accuracy(nn.Module<Tensor, Tensor> module, Tensor inputs, int from)
    {
        using DisposeScope scope = NewDisposeScope();
        return module.call(inputs[from..]).argmax(1).eq(Labels[from..]).to_type(ScalarType.Float64).mean().ToDouble();
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
