using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Experiments;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>Images as rows of pixels from 0 to 1, and their classes from 0 to 9.</summary>
internal sealed class LabelledImages(Tensor inputs, Tensor labels) : IDisposable
{
    internal Tensor Inputs => inputs;

    internal Tensor Labels => labels;

    /// <summary>The handwritten digits that ship, 8 pixels a side, in the order of their file. Run in the repository's root.</summary>
    internal static LabelledImages Digits()
    {
        const int Pixels = 64;
        float[][] rows = [.. File.ReadLines("samples/data/digits.csv").Skip(1).Select(line => line.Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
        using Tensor counts = tensor(rows.SelectMany(row => row[..Pixels]).ToArray(), [rows.Length, Pixels]);
        return new(counts / 16, tensor(rows.Select(row => (long)row[Pixels]).ToArray()));
    }

    /// <summary>Fashion-MNIST, 28 pixels a side: the first images of those for training, then of those for validation, then all of the tests.</summary>
    internal static LabelledImages FashionMnist(string folder, int training, int validation)
    {
        ImageDataset images = Experiments.FashionMnist.Load(folder);
        ImageData[] parts = [images.Train.Slice(0, training), images.Validation.Slice(0, validation), images.Test];
        using Tensor bytes = tensor(parts.SelectMany(part => part.Pixels.ToArray()).ToArray(), [parts.Sum(part => part.Count), images.Test.PixelsPerImage]), numbers = bytes.to_type(ScalarType.Float32);
        return new(numbers / 255, tensor(parts.SelectMany(part => part.Labels.ToArray()).Select(label => (long)label).ToArray()));
    }

    /// <summary>Those from one on, up to another, as the managed engine takes them.</summary>
    internal Examples<float> Examples(int from, int to)
    {
        using Tensor rows = inputs[from..to].contiguous(), classes = labels[from..to].to_type(ScalarType.Float32);
        return new(rows.data<float>().ToArray(), (int)inputs.shape[1], classes.data<float>().ToArray());
    }

    /// <summary>The share of the examples from one on whose class a module finds, given them in its shape.</summary>
    internal double Accuracy(nn.Module<Tensor, Tensor> module, Tensor of, int from)
    {
        using DisposeScope scope = NewDisposeScope();
        return module.call(of[from..]).argmax(1).eq(Labels[from..]).to_type(ScalarType.Float64).mean().ToDouble();
    }

    public void Dispose()
    {
        inputs.Dispose();
        labels.Dispose();
    }
}
