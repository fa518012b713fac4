using System.Buffers.Binary;
using System.Text;

namespace MLNetHyper.Torch.Tests.Runtime;

/// <summary>The bytes of a shared library with nothing in it but needs: what <see cref="VersionNeeds"/> reads, and where to change it.</summary>
internal sealed class SmallLibrary
{
    internal const string Version = "GLIBCXX_3.4.32";
    private const int Names = 0x100, Versions = 0x200, Needs = 0x240, Relocations = 0x300, Calls = 0x340, Dynamic = 0x400, Length = 0x600;

    // Where the loader would put it; not where the file has it.
    private const int Base = 0x1000;

    private readonly Dictionary<string, int> _names = [];

    /// <param name="used">Whether a relocation is bound to a symbol of the version.</param>
    /// <param name="called">Whether a call is.</param>
    internal SmallLibrary(bool used = false, bool called = false)
    {
        int at = Names + 1;
        foreach (string name in (string[])[PatchedCopy.LibraryName, "libc.so.6", "libstdc++.so.6", "GLIBC_2.34", "GLIBCXX_3.4", Version])
        {
            _names[name] = at - Names;
            at += Encoding.ASCII.GetBytes(name, Bytes.AsSpan(at)) + 1;
        }
        "\u007fELF"u8.CopyTo(Bytes);
        (Bytes[4], Bytes[5], Bytes[6]) = (2, 1, 1);
        Put(16, 3, 2);
        Put(18, 62, 2);
        Put(32, 64, 8);
        Put(54, 56, 2);
        Put(56, 2, 2);
        Segment(64, type: 1, offset: 0, Length);
        Segment(120, type: 2, Dynamic, 0x100);
        // Two libraries; the second with two needs.
        Need(Needs, "libc.so.6", count: 1, next: 32);
        Asked(Needs + 16, "GLIBC_2.34", index: 4, next: 0);
        Need(Needs + 32, "libstdc++.so.6", count: 2, next: 0);
        Asked(Needs + 48, "GLIBCXX_3.4", index: 2, next: 16);
        Asked(Needs + 64, Version, index: 3, next: 0);
        Flags = Needs + 64 + 4;
        // Symbol 1 is of the version with index 2, symbol 2, hidden, of that with index 3.
        Put(Versions + 2, 2, 2);
        Put(Versions + 4, 0x8003, 2);
        Put(Relocations + 12, used ? 2 : 1, 4);
        Put(Calls + 12, called ? 2 : 1, 4);
        int entry = Dynamic;
        foreach ((long tag, long value) in (ReadOnlySpan<(long, long)>)[(14, _names[PatchedCopy.LibraryName]), (5, Base + Names), (10, at - Names), (0x6ffffffe, Base + Needs), (0x6fffffff, 2), (0x6ffffff0, Base + Versions), (7, Base + Relocations), (8, 24), (23, Base + Calls), (2, 24), (20, 7)])
        {
            Put(entry, tag, 8);
            Put(entry + 8, value, 8);
            entry += 16;
        }
    }

    internal byte[] Bytes { get; } = new byte[Length];

    /// <summary>Where the flags of the need are.</summary>
    internal int Flags { get; }

    /// <summary>Writes a number of so many bytes.</summary>
    internal SmallLibrary Put(int at, long value, int bytes)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number[..bytes].CopyTo(Bytes.AsSpan(at));
        return this;
    }

    private void Segment(int at, int type, int offset, int size) => Put(at, type, 4).Put(at + 8, offset, 8).Put(at + 16, Base + offset, 8).Put(at + 32, size, 8);

    private void Need(int at, string library, int count, int next) => Put(at, 1, 2).Put(at + 2, count, 2).Put(at + 4, _names[library], 4).Put(at + 8, 16, 4).Put(at + 12, next, 4);

    private void Asked(int at, string name, int index, int next) => Put(at + 6, index, 2).Put(at + 8, _names[name], 4).Put(at + 12, next, 4);
}
