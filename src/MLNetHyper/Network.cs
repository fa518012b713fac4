using System.Numerics.Tensors;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A trained multilayer perceptron that takes raw features: what all three kinds of models are made of.</summary>
internal sealed class Network(Architecture architecture, float[] weights)
{
    internal Architecture Architecture => architecture;

    internal IReadOnlyList<float> Weights => weights;

    internal static Network Of(OnePassModel model) => new(model.Architecture, [.. model.Weights.ToArray().Select(w => (float)w)]);

    /// <summary>A function that writes the outputs of a row of features, for one thread.</summary>
    internal Action<ReadOnlySpan<float>, Span<float>> CreateForward()
    {
        int[] widths = [architecture.Inputs, .. architecture.Hidden, architecture.Outputs];
        float[][] layers = [.. widths[1..^1].Select(units => new float[units])];
        return (features, outputs) =>
        {
            int at = 0;
            ReadOnlySpan<float> below = features;
            for (int l = 1; l < widths.Length; l++)
            {
                Span<float> values = l < widths.Length - 1 ? layers[l - 1] : outputs;
                for (int unit = 0; unit < widths[l]; unit++)
                    values[unit] = TensorPrimitives.Dot<float>(weights.AsSpan(at + (unit * widths[l - 1]), widths[l - 1]), below) + weights[at + (widths[l] * widths[l - 1]) + unit];
                at += widths[l] * (widths[l - 1] + 1);
                if (l < widths.Length - 1)
                    Activate(values);
                below = values;
            }
        };
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(architecture.Inputs);
        writer.Write(architecture.Outputs);
        writer.Write((int)architecture.Activation);
        writer.Write((int)architecture.Loss);
        writer.Write(architecture.Hidden.Count);
        foreach (int units in architecture.Hidden)
            writer.Write(units);
        writer.Write(weights.Length);
        foreach (float weight in weights)
            writer.Write(weight);
    }

    internal static Network Read(BinaryReader reader)
    {
        int inputs = reader.ReadInt32(), outputs = reader.ReadInt32();
        (Activation activation, Loss loss) = ((Activation)reader.ReadInt32(), (Loss)reader.ReadInt32());
        int[] hidden = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
        float[] weights = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadSingle())];
        return new(new Architecture(inputs, hidden, outputs, activation, loss), weights);
    }

    private void Activate(Span<float> values)
    {
        switch (architecture.Activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(values, 0, values);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(values, values);
                break;
            case Activation.Gelu:
                for (int i = 0; i < values.Length; i++)
                    values[i] *= 0.5f * (1 + MathF.Tanh(0.7978845608f * (values[i] + (0.044715f * values[i] * values[i] * values[i]))));
                break;
        }
    }
}
