using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Writes copies of assemblies in which what is internal is public, for a compiler to read; they are never run.
// Usage: Publicize FOLDER ASSEMBLY...
string folder = args[0];
Directory.CreateDirectory(folder);
foreach (string path in args[1..])
{
    byte[] image = File.ReadAllBytes(path);
    using var file = new PEReader(new MemoryStream(image));
    MetadataReader metadata = file.GetMetadataReader();
    int start = file.PEHeaders.MetadataStartOffset;

    Span<byte> Row(TableIndex table, int row) =>
        image.AsSpan(start + metadata.GetTableMetadataOffset(table) + ((row - 1) * metadata.GetTableRowSize(table)), metadata.GetTableRowSize(table));

    for (int row = 1; row <= metadata.GetTableRowCount(TableIndex.TypeDef); row++)
    {
        var flags = (TypeAttributes)BinaryPrimitives.ReadInt32LittleEndian(Row(TableIndex.TypeDef, row));
        TypeAttributes visibility = (flags & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.NotPublic => TypeAttributes.Public,
            TypeAttributes.NestedAssembly => TypeAttributes.NestedPublic,
            TypeAttributes.NestedFamANDAssem => TypeAttributes.NestedFamily,
            var same => same,
        };
        BinaryPrimitives.WriteInt32LittleEndian(Row(TableIndex.TypeDef, row), (int)((flags & ~TypeAttributes.VisibilityMask) | visibility));
    }
    // A method's flags stand behind its address and its implementation flags; a field's come first. Both number access alike.
    Open(TableIndex.MethodDef, 6);
    Open(TableIndex.Field, 0);
    File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(path)), image);

    void Open(TableIndex table, int offset)
    {
        for (int row = 1; row <= metadata.GetTableRowCount(table); row++)
        {
            Span<byte> place = Row(table, row)[offset..];
            var flags = (MethodAttributes)BinaryPrimitives.ReadUInt16LittleEndian(place);
            MethodAttributes access = (flags & MethodAttributes.MemberAccessMask) switch
            {
                MethodAttributes.Assembly => MethodAttributes.Public,
                MethodAttributes.FamANDAssem => MethodAttributes.Family,
                var same => same,
            };
            BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)((flags & ~MethodAttributes.MemberAccessMask) | access));
        }
    }
}
