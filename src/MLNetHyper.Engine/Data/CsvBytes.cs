using System.Text;
using System.Text.Unicode;

namespace MLNetHyper.Engine;

/// <summary>A text file's content as valid UTF-8 without byte order mark.</summary>
static class CsvBytes
{
    internal static ReadOnlyMemory<byte> Text(string path, byte[] content, Encoding? encoding = null)
    {
        if (encoding is not null)
            return Decoded(path, content, encoding);
        ReadOnlyMemory<byte> text = content switch
        {
            [0xEF, 0xBB, 0xBF, ..] => content.AsMemory(3),
            [0xFF, 0xFE, ..] => FromUtf16(path, content, bigEndian: false),
            [0xFE, 0xFF, ..] => FromUtf16(path, content, bigEndian: true),
            _ => content,
        };
        Check(path, text.Span, linesBefore: 0);
        return text;
    }

    /// <summary>Throws if a file or its part from some line on is no text in UTF-8.</summary>
    internal static void Check(string path, ReadOnlySpan<byte> text, int linesBefore)
    {
        int zero = text.IndexOf((byte)0);
        if (zero >= 0)
            throw new DataFormatException("there is a zero byte: this is a binary file, or UTF-16 without a byte order mark. Save the table as a CSV file in UTF-8.", path, linesBefore + LineAt(text, zero));
        if (!Utf8.IsValid(text))
            throw new DataFormatException("there are bytes that are not UTF-8, probably letters in an older encoding. Open the file with the encoding that it was written in and save as UTF-8, or name its encoding in CsvOptions.Encoding.", path, linesBefore + LineAt(text, FirstInvalid(text)));
    }

    internal static byte[] Content(string path) => TableFile.Open(path, "a CSV file", File.ReadAllBytes, "2 GB");

    private static byte[] Decoded(string path, byte[] content, Encoding encoding)
    {
        try
        {
            var strict = (Encoding)encoding.Clone();
            strict.DecoderFallback = DecoderFallback.ExceptionFallback;
            string text = strict.GetString(content);
            int zero = text.IndexOf('\0');
            return zero < 0 ? Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')) : throw new DataFormatException($"read as {encoding.WebName} there is a zero byte: this is a binary file, or of another encoding.", path, 1 + text.AsSpan(0, zero).Count('\n'));
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataFormatException($"some bytes are not valid in {encoding.WebName}. Name another encoding in CsvOptions.Encoding.", path, innerException: exception);
        }
    }

    private static byte[] FromUtf16(string path, byte[] content, bool bigEndian)
    {
        UnicodeEncoding encoding = new(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true);
        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(content, 2, content.Length - 2));
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataFormatException("the file begins like UTF-16 but is not valid UTF-16. Save it as UTF-8.", path, innerException: exception);
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out int length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }

    private static int LineAt(ReadOnlySpan<byte> text, int position)
    {
        ReadOnlySpan<byte> before = text[..position];
        // Old Macintosh files end their lines with a lone carriage return.
        int feeds = before.Count((byte)'\n');
        return 1 + (feeds > 0 ? feeds : before.Count((byte)'\r'));
    }
}
