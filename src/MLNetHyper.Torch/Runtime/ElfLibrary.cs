using System.Buffers.Binary;
using System.Text;

namespace MLNetHyper.Torch;

/// <summary>
/// What the dynamic loader reads of a shared library for Linux on x86-64 (System V ABI, chapters 4 and 5): addresses, names and the
/// dynamic section. Everything is checked against the file's length, whatever the file says of itself.
/// </summary>
internal sealed class ElfLibrary
{
    private const int SegmentSize = 56, DynamicEntrySize = 16;
    private const uint LoadSegment = 1, DynamicSegment = 2;
    private const long NullTag = 0, StringsTag = 5, StringsSizeTag = 10;

    private readonly byte[] _file;
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _loaded = [];
    private readonly Dictionary<long, ulong> _dynamic = [];

    /// <summary>Reads the headers.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or something else.</exception>
    internal ElfLibrary(byte[] file)
    {
        _file = file;
        if (file.Length < 64 || !file.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new InvalidDataException("it is no ELF file");
        // 64 bits, least significant byte first, a shared object, for x86-64.
        if (file[4] != 2 || file[5] != 1 || UInt16(16) != 3 || UInt16(18) != 62)
            throw new InvalidDataException("it is not a shared library for 64-bit Linux on x86-64");
        if (UInt16(54) != SegmentSize)
            throw Damaged("its program headers have an unknown size");
        ulong headers = UInt64(32);
        List<(ulong Offset, ulong Size)> dynamic = [];
        for (uint i = 0; i < UInt16(56); i++)
        {
            int header = At(headers, i * SegmentSize, SegmentSize);
            (uint type, ulong offset, ulong address, ulong size) = (UInt32(header), UInt64(header + 8), UInt64(header + 16), UInt64(header + 32));
            if (type == LoadSegment)
                _loaded.Add((address, offset, size));
            else if (type == DynamicSegment)
                dynamic.Add((offset, size));
        }
        if (dynamic.Count != 1)
            throw Damaged("it has no dynamic section, or several");
        for (ulong i = 0; i < dynamic[0].Size / DynamicEntrySize; i++)
        {
            int entry = At(dynamic[0].Offset, i * DynamicEntrySize, DynamicEntrySize);
            if (Int64(entry) == NullTag)
                break;
            _dynamic[Int64(entry)] = UInt64(entry + 8);
        }
    }

    /// <summary>The value of an entry of the dynamic section; null where there is none.</summary>
    internal ulong? Dynamic(long tag) => _dynamic.TryGetValue(tag, out ulong value) ? value : null;

    /// <summary>The value of an entry that has to be there.</summary>
    internal ulong Required(long tag) => Dynamic(tag) ?? throw Damaged($"entry {tag} of its dynamic section is missing");

    /// <summary>Where in the file <paramref name="length"/> bytes are that the loader puts at an address.</summary>
    internal int Locate(ulong address, ulong further, int length)
    {
        foreach ((ulong start, ulong offset, ulong size) in _loaded)
        {
            if (address >= start && address - start < size && further <= size - (address - start) && (ulong)length <= size - (address - start) - further)
                return At(offset, address - start + further, length);
        }
        throw Damaged("an address lies outside what is loaded");
    }

    /// <summary>The name at an offset in the table of names.</summary>
    internal string Name(ulong offset)
    {
        ulong size = Required(StringsSizeTag);
        if (offset >= size)
            throw Damaged("a name lies outside the table of names");
        int length = checked((int)Math.Min(size - offset, 4096));
        ReadOnlySpan<byte> text = _file.AsSpan(Locate(Required(StringsTag), offset, length), length);
        int end = text.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(text[..end]) : throw Damaged("a name does not end");
    }

    internal ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(offset));

    internal uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(offset));

    internal ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(offset));

    internal static InvalidDataException Damaged(string what) => new($"it is damaged: {what}");

    private long Int64(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(offset));

    private int At(ulong offset, ulong further, int length)
    {
        ulong end = (ulong)_file.Length;
        return offset <= end && further <= end - offset && (ulong)length <= end - offset - further
            ? (int)(offset + further)
            : throw Damaged("it ends before what it says it holds");
    }
}
