namespace MLNetHyper.Engine;

/// <summary>Where every layer's weights lie in the flat vector. The layout is that of PyTorch's <c>nn.Sequential</c>.</summary>
internal sealed class NetworkShape
{
    internal NetworkShape(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfLessThan(architecture.Inputs, 1, nameof(architecture));
        ArgumentOutOfRangeException.ThrowIfLessThan(architecture.Outputs, 1, nameof(architecture));
        if (architecture.Loss != Loss.SoftmaxCrossEntropy && architecture.Outputs != 1)
            throw new ArgumentException($"{architecture.Loss} is the loss of one output, but there are {architecture.Outputs}.", nameof(architecture));
        Activation = architecture.Activation;
        Loss = architecture.Loss;
        Layers = new Layer[architecture.Hidden.Count + 1];
        Tensors = new TensorSegment[2 * Layers.Length];
        int inputs = architecture.Inputs, start = 0;
        for (int l = 0; l < Layers.Length; l++)
        {
            int outputs = l < architecture.Hidden.Count ? architecture.Hidden[l] : architecture.Outputs;
            ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1, nameof(architecture));
            int length = checked(inputs * outputs);
            Layers[l] = new Layer(inputs, outputs, start, start + length);
            Tensors[2 * l] = new TensorSegment($"layers.{2 * l}.weight", start, length, inputs);
            Tensors[(2 * l) + 1] = new TensorSegment($"layers.{2 * l}.bias", start + length, outputs, inputs);
            start = checked(start + length + outputs);
            inputs = outputs;
        }
        Length = start;
    }

    internal Layer[] Layers { get; }

    internal TensorSegment[] Tensors { get; }

    internal Activation Activation { get; }

    internal Loss Loss { get; }

    /// <summary>The number of weights and biases.</summary>
    internal int Length { get; }

    internal int Inputs => Layers[0].Inputs;

    internal int Outputs => Layers[^1].Outputs;

    /// <summary>Draws initial weights uniform in ±1/√inputs: in double, so that all engines and precisions agree.</summary>
    internal void Draw(Span<double> weights, int seed)
    {
        SplitMix64 random = new(seed);
        foreach (TensorSegment tensor in Tensors)
        {
            double bound = 1 / Math.Sqrt(tensor.FanIn);
            foreach (ref double weight in weights.Slice(tensor.Start, tensor.Length))
                weight = bound * ((2 * random.NextDouble()) - 1);
        }
    }

    /// <summary>One linear layer; <paramref name="Weight"/> and <paramref name="Bias"/> are its tensors' first elements in the flat vector.</summary>
    internal readonly record struct Layer(int Inputs, int Outputs, int Weight, int Bias);
}
