using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>The tool's model file: magic, format version, SHA-256 of the rest, encoders as JSON, network.</summary>
internal static partial class ModelFile
{
    private const int Version = NetworkModelFormat.Version;

    private static readonly byte[] _magic = "MLNHMODL"u8.ToArray();

    internal static void Write(string path, OnePassModel model)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(model.Features.ToJson());
            writer.Write(model.Target.ToJson());
            NetworkModelFormat.Write(writer, model.Network, withTime: false);
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
            using var reader = new BinaryReader(new MemoryStream(content.ToArray()), Encoding.UTF8);
            FeatureEncoder features = FeatureEncoder.FromJson(reader.ReadString());
            TargetEncoder target = TargetEncoder.FromJson(reader.ReadString());
            var model = new OnePassModel(features, target, version == 1 ? ReadVersion1(reader, features, target) : NetworkModelFormat.Read(reader, version));
            return reader.BaseStream.Position == content.Length ? model : throw new FormatException("It continues past its end.");
        }
        catch (Exception e) when (e is IOException or FormatException or DataFormatException or ArgumentException or OverflowException)
        {
            throw new DataFormatException("the model cannot be read: its content is not what its version promises. Train again.", path, innerException: e);
        }
    }
}
