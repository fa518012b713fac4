using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>The model file: magic, format version, SHA-256 of the rest, encoders as JSON, shape, hyperparameters, weights.</summary>
internal static class ModelFile
{
    private const int Version = 1;

    private static readonly byte[] _magic = "MLNHMODL"u8.ToArray();

    internal static void Write(string path, OnePassModel model)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(model.Features.ToJson());
            writer.Write(model.Target.ToJson());
            writer.Write((int)model.Architecture.Activation);
            writer.Write(model.Architecture.Hidden.Count);
            foreach (int units in model.Architecture.Hidden)
                writer.Write(units);
            writer.Write(model.Hyperparameters.Count);
            foreach ((string name, double value) in model.Hyperparameters)
            {
                writer.Write(name);
                writer.Write(value);
            }
            writer.Write(model.Weights.Length);
            foreach (double weight in model.Weights)
                writer.Write(weight);
        }
        byte[] bytes = content.ToArray();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(_magic);
            stream.Write(BitConverter.GetBytes(Version));
            stream.Write(SHA256.HashData(bytes));
            stream.Write(bytes);
        });
    }

    internal static OnePassModel Read(string path)
    {
        if (!File.Exists(path))
            throw new DataFormatException("there is no such model file.", path);
        byte[] file = File.ReadAllBytes(path);
        int header = _magic.Length + 4 + SHA256.HashSizeInBytes;
        if (file.Length < header || !file.AsSpan(0, _magic.Length).SequenceEqual(_magic))
            throw new DataFormatException("this is not a model that 'onepass train --model' or OnePassModel.Save wrote.", path);
        int version = BitConverter.ToInt32(file, _magic.Length);
        if (version is < 1 or > Version)
            throw new DataFormatException($"the model has format version {version}, but this program reads versions 1 to {Version}. {(version > Version ? "Update it." : "Copy the file again, or train again.")}", path);
        ReadOnlySpan<byte> content = file.AsSpan(header);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(_magic.Length + 4, SHA256.HashSizeInBytes)))
            throw new DataFormatException("the model is damaged: its checksum does not fit its content. Copy it again, or train again.", path);
        try
        {
            return Parse(content.ToArray());
        }
        catch (Exception e) when (e is IOException or FormatException or DataFormatException or ArgumentException or OverflowException)
        {
            throw new DataFormatException("the model cannot be read: its content is not what its version promises. Train again.", path, innerException: e);
        }
    }

    private static OnePassModel Parse(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        // Believed only as far as the file goes on: nonsense must not cost gigabytes.
        int Count(int size) => reader.ReadInt32() is int count and >= 0 && count <= (content.Length - reader.BaseStream.Position) / size ? count : throw new EndOfStreamException();
        FeatureEncoder features = FeatureEncoder.FromJson(reader.ReadString());
        TargetEncoder target = TargetEncoder.FromJson(reader.ReadString());
        var activation = (Activation)reader.ReadInt32();
        int[] hidden = new int[Count(sizeof(int))];
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] = reader.ReadInt32();
        Dictionary<string, double> hyperparameters = [];
        for (int i = reader.ReadInt32(); i > 0; i--)
            hyperparameters.Add(reader.ReadString(), reader.ReadDouble());
        double[] weights = new double[Count(sizeof(double))];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = reader.ReadDouble();
        Architecture architecture = Tasks.Architecture(target, features.FeatureCount, hidden, activation);
        if (!Enum.IsDefined(activation) || new NetworkShape(architecture).Length != weights.Length || reader.BaseStream.Position != content.Length)
            throw new FormatException("The parts do not fit together.");
        return new(features, target, architecture, weights, hyperparameters);
    }
}
