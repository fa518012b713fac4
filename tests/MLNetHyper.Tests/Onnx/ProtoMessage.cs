using Google.Protobuf;

namespace MLNetHyper.Tests.Onnx;

/// <summary>One protobuf message as numbered fields; what the numbers mean is for the reader to know.</summary>
internal sealed class ProtoMessage
{
    private readonly string _name;
    private readonly Dictionary<int, List<object>> _fields = [];

    /// <param name="name">What the message is, for error messages.</param>
    /// <param name="bytes">The message.</param>
    /// <param name="known">The fields that the caller understands. Another one could change what the model means.</param>
    public ProtoMessage(string name, ByteString bytes, params int[] known)
    {
        _name = name;
        var input = bytes.CreateCodedInput();
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            if (!known.Contains(field))
                throw new NotSupportedException($"{name} has field {field}, which the evaluator does not know.");
            if (!_fields.TryGetValue(field, out List<object>? values))
                _fields.Add(field, values = []);
            values.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (long)input.ReadUInt64(),
                WireFormat.WireType.Fixed32 => BitConverter.UInt32BitsToSingle(input.ReadFixed32()),
                WireFormat.WireType.Fixed64 => BitConverter.UInt64BitsToDouble(input.ReadFixed64()),
                WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                WireFormat.WireType type => throw new NotSupportedException($"{name}, field {field}: wire type {type}."),
            });
        }
    }

    public bool Has(int field) => _fields.ContainsKey(field);

    public ByteString[] Bytes(int field) => Values<ByteString>(field, _ => throw Packed(field));

    public string[] Strings(int field) => [.. Bytes(field).Select(bytes => bytes.ToStringUtf8())];

    public string String(int field) => Strings(field) is [.., string last] ? last : "";

    public ProtoMessage[] Messages(int field, string name, params int[] known)
        => [.. Bytes(field).Select(bytes => new ProtoMessage(name, bytes, known))];

    public long[] Longs(int field) => Values(field, input => (long)input.ReadUInt64());

    public long Long(int field) => Longs(field) is [.., long last] ? last : 0;

    public float[] Floats(int field) => Values(field, input => input.ReadFloat());

    public float Float(int field) => Floats(field) is [.., float last] ? last : 0;

    public double[] Doubles(int field) => Values(field, input => input.ReadDouble());

    /// <summary>Repeated numbers may come one by one or packed into one run of bytes.</summary>
    private T[] Values<T>(int field, Func<CodedInputStream, T> readPacked)
    {
        List<T> values = [];
        foreach (object value in _fields.GetValueOrDefault(field) ?? [])
        {
            if (value is T plain)
                values.Add(plain);
            else if (value is ByteString bytes)
                for (var packed = bytes.CreateCodedInput(); !packed.IsAtEnd;)
                    values.Add(readPacked(packed));
            else
                throw Packed(field);
        }

        return [.. values];
    }

    private InvalidDataException Packed(int field) => new($"{_name}, field {field}: the wire type does not fit the field's.");
}
