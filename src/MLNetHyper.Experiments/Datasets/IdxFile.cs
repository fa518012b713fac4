using System.Buffers.Binary;

namespace MLNetHyper.Experiments;

/// <summary>
/// Arrays of bytes in the IDX format of the MNIST family: two zero bytes, the type of the elements, the number of dimensions, the
/// dimensions as big-endian 32-bit numbers, then the elements, the last dimension running fastest.
/// </summary>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads an array; whatever deviates from the format by a single byte is refused.</summary>
    /// <param name="files">The data set that the file belongs to.</param>
    /// <param name="path">The file's path.</param>
    /// <param name="item">The dimensions of one item: 28 and 28 for images of that size, none for labels.</param>
    /// <returns>One item after the other.</returns>
    /// <exception cref="DataFormatException">It cannot be read or is no such array, or a complete one of another size.</exception>
    internal static ReadOnlyMemory<byte> Read(PublishedFiles files, string path, params int[] item)
    {
        ReadOnlyMemory<byte> content = files.Read(path);
        int dimensions = 1 + item.Length, headerLength = 4 + (4 * dimensions);
        if (content.Length < headerLength)
            throw files.Damaged($"there are {content.Length} bytes, fewer than the {headerLength} that the header alone has", path);
        ReadOnlySpan<byte> header = content.Span[..headerLength], magic = [0, 0, UnsignedByte, (byte)dimensions];
        if (!header[..4].SequenceEqual(magic))
            throw files.Damaged($"the file begins with the bytes {Convert.ToHexString(header[..4])} instead of {Convert.ToHexString(magic)}, which mark an IDX file of bytes with {dimensions} dimension{(dimensions > 1 ? "s" : "")}", path);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        long length = count;
        for (int i = 0; i < item.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(8 + (4 * i))..]);
            if (size != item[i])
                throw files.Damaged($"dimension {i + 2} is {size}, but should be {item[i]}", path);
            length *= item[i];
        }
        if (content.Length - headerLength != length)
            throw files.Damaged($"the header promises {count} items in {length} bytes, but {content.Length - headerLength} bytes follow", path);
        return count > 0 ? content[headerLength..] : throw files.Damaged("there is nothing in the file but a header", path);
    }
}
