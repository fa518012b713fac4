using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>Writes the fields of a Protocol Buffers message, as far as ONNX needs them.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    internal ProtobufWriter Integer(int field, long value)
    {
        Number(((ulong)field << 3) | Varint);
        Number((ulong)value);
        return this;
    }

    internal ProtobufWriter Text(int field, string text) => Raw(field, Encoding.UTF8.GetBytes(text));

    internal ProtobufWriter Message(int field, ProtobufWriter message) => Raw(field, message.Bytes.Span);

    /// <summary>Numbers as little-endian bytes.</summary>
    internal ProtobufWriter Raw<T>(int field, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian && typeof(T) != typeof(byte))
            throw new PlatformNotSupportedException("ONNX files are written on little-endian machines only.");
        return Raw(field, MemoryMarshal.AsBytes(values));
    }

    internal ProtobufWriter Raw(int field, ReadOnlySpan<byte> bytes)
    {
        Number(((ulong)field << 3) | LengthDelimited);
        Number((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private void Number(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
