namespace MLNetHyper.Torch;

/// <summary>
/// The versions of other libraries that a shared library asks for (Linux Standard Base, "Symbol Versioning"). The loader refuses a
/// library if one is missing, whether anything of it is used or not, unless the need is marked weak.
/// </summary>
internal static class VersionNeeds
{
    private const long SoNameTag = 14, NeedsTag = 0x6ffffffe, NeedsCountTag = 0x6fffffff, SymbolVersionsTag = 0x6ffffff0;
    private const long RelocationsTag = 7, RelocationsSizeTag = 8, CallsTag = 23, CallsSizeTag = 2, CallsFormTag = 20, OtherRelocationsTag = 17;
    private const int NeedSize = 16, RelocationSize = 24;
    private const ushort Weak = 2, IndexMask = 0x7fff;

    /// <summary>A copy of a library in which one need is marked weak; one bit differs.</summary>
    /// <param name="library">The library's bytes.</param>
    /// <param name="name">The name that it must go by.</param>
    /// <param name="version">The need, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="InvalidDataException">The library is damaged or another, does not ask for the version, or uses something of it. The message is the rest of a sentence.</exception>
    internal static byte[] Weaken(byte[] library, string name, string version)
    {
        var elf = new ElfLibrary(library);
        if (elf.Dynamic(SoNameTag) is not { } named || elf.Name(named) != name)
            throw new InvalidDataException($"it is not {name}");
        int need = Find(elf, version);
        int flags = need + 4, index = elf.UInt16(need + 6) & IndexMask;
        if ((elf.UInt16(flags) & Weak) != 0)
            throw new InvalidDataException($"its need of {version} is weak already");
        if (elf.Dynamic(OtherRelocationsTag) is not null || elf.Dynamic(CallsFormTag) is not (null or RelocationsTag))
            throw new InvalidDataException("its relocations have a form that is not used on x86-64");
        foreach ((long at, long size) in (ReadOnlySpan<(long, long)>)[(RelocationsTag, RelocationsSizeTag), (CallsTag, CallsSizeTag)])
        {
            if (elf.Dynamic(at) is { } table && Uses(elf, table, elf.Required(size), index))
                throw new InvalidDataException($"it uses {version}, so that a copy could not do without it either");
        }
        byte[] copy = [.. library];
        copy[flags] |= (byte)Weak;
        return copy;
    }

    /// <summary>Where in the file the need is.</summary>
    private static int Find(ElfLibrary elf, string version)
    {
        ulong table = elf.Required(NeedsTag), at = 0;
        // A step of 0 ends a list and all others lead on, so that no list is endless.
        for (ulong left = elf.Required(NeedsCountTag); left > 0; left--)
        {
            int library = elf.Locate(table, at, NeedSize);
            ulong needAt = at + elf.UInt32(library + 8);
            for (int needs = elf.UInt16(library + 2); needs > 0; needs--)
            {
                int need = elf.Locate(table, needAt, NeedSize);
                if (elf.Name(elf.UInt32(need + 8)) == version)
                    return need;
                if (elf.UInt32(need + 12) is not (> 0 and { } step))
                    break;
                needAt += step;
            }
            if (elf.UInt32(library + 12) is not (> 0 and { } next))
                break;
            at += next;
        }
        throw new InvalidDataException($"it does not ask for {version}");
    }

    /// <summary>Whether a relocation is bound to a symbol of the version with this index.</summary>
    private static bool Uses(ElfLibrary elf, ulong relocations, ulong size, int index)
    {
        ulong versions = elf.Required(SymbolVersionsTag);
        for (ulong at = 0; at + RelocationSize <= size; at += RelocationSize)
        {
            uint symbol = elf.UInt32(elf.Locate(relocations, at, RelocationSize) + 12);
            if (symbol != 0 && (elf.UInt16(elf.Locate(versions, 2ul * symbol, 2)) & IndexMask) == index)
                return true;
        }
        return false;
    }
}
