using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>A checkpoint file is of another run or version, or damaged.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>A checkpoint's fault.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">What caused it.</param>
    public CheckpointException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>
/// The checkpoint file: magic, format version, length and SHA-256 of the payload, payload. Written to a temporary file beside it
/// and moved over the old one, so that at every moment one whole checkpoint exists. The payload says whether its run has finished: then the
/// same run may be prolonged, and any other may take the file.
/// </summary>
internal static class Checkpoint
{
    private const int Version = 4;
    private const string Advice = "Delete it to start again from the beginning, or name another checkpoint file.";

    private static readonly byte[] _magic = "MLNHCKPT"u8.ToArray();

    internal static void Write(string path, string fingerprint, bool isFinished, ReadOnlySpan<byte> state)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(fingerprint);
            writer.Write(isFinished);
            writer.Write(state);
        }
        byte[] bytes = payload.ToArray();
        AtomicFile.Write(path, stream =>
        {
            using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write(_magic);
            writer.Write(Version);
            writer.Write(bytes.Length);
            writer.Write(SHA256.HashData(bytes));
            writer.Write(bytes);
        });
    }

    /// <summary>The state in the file, or null where there is no file, or that of another run which has finished.</summary>
    internal static byte[]? Read(string path, string fingerprint)
    {
        if (!File.Exists(path))
            return null;
        byte[] payload = ReadPayload(path);
        using var reader = new BinaryReader(new MemoryStream(payload), Encoding.UTF8);
        string other = reader.ReadString();
        bool isFinished = reader.ReadBoolean();
        if (other == fingerprint)
            return reader.ReadBytes(payload.Length);
        return isFinished ? null : throw new CheckpointException($"The checkpoint '{path}' belongs to an unfinished run with other data or options: {RunIdentity.Difference(other, fingerprint)}. Finish that run. {Advice}");
    }

    /// <summary>A state as bytes.</summary>
    /// <param name="serialize">Names its parts.</param>
    /// <param name="capacity">About how many bytes it takes.</param>
    internal static byte[] Save(Action<StateArchive> serialize, int capacity = 0)
    {
        using var stream = new MemoryStream(capacity);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            serialize(new StateArchive.Writer(writer));
        return stream.ToArray();
    }

    /// <summary>Takes a state back from the bytes of a file.</summary>
    internal static void Restore(string path, byte[] state, Action<StateArchive> serialize)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(state), Encoding.UTF8);
            serialize(new StateArchive.Reader(reader));
            if (reader.BaseStream.Position != state.Length)
                throw new EndOfStreamException("The checkpoint holds more than the run's state.");
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new CheckpointException($"The checkpoint '{path}' does not fit this run. Delete it to start again from the beginning.", e);
        }
    }

    private static byte[] ReadPayload(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = _magic.Length + 4 + 4 + SHA256.HashSizeInBytes;
        if (file.Length < _magic.Length || !file.AsSpan(0, _magic.Length).SequenceEqual(_magic))
            throw new CheckpointException($"The file '{path}' is not a checkpoint. {Advice}");
        if (file.Length < header)
            throw new CheckpointException($"The checkpoint '{path}' is damaged: it ends inside its header. {Advice}");
        int version = BitConverter.ToInt32(file, _magic.Length);
        if (version != Version)
            throw new CheckpointException($"The checkpoint '{path}' has format version {version}; this program reads version {Version}. {Advice}");
        int length = BitConverter.ToInt32(file, _magic.Length + 4);
        if (length != file.Length - header)
            throw new CheckpointException($"The checkpoint '{path}' is damaged: it should hold {length} bytes of state but holds {file.Length - header}. {Advice}");
        byte[] payload = file[header..];
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(file.AsSpan(_magic.Length + 8, SHA256.HashSizeInBytes)))
            throw new CheckpointException($"The checkpoint '{path}' is damaged: its checksum does not fit its content. {Advice}");
        return payload;
    }
}
