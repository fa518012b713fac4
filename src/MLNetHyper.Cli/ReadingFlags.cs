using System.CommandLine;
using System.Text;

namespace MLNetHyper.Cli;

/// <summary>The options that say how CSV files are written.</summary>
internal sealed class ReadingFlags
{
    private readonly Option<char?> _separator = Flags.Of<char?>("--separator", "CHARACTER", "What separates the fields: a character, or the word tab. Default: detected among comma, semicolon, tab and bar.", Separator);
    private readonly Option<char?> _decimal = Flags.Of<char?>("--decimal", "CHARACTER", "The decimal separator: a point, or a comma, which allows points between thousands. Default: a point.",
        text => text is "." or "," ? text[0] : throw new UsageException($"must be a point or a comma, but is '{text}'."));
    private readonly Option<Encoding?> _encoding = Flags.Of<Encoding?>("--encoding", "NAME", "The file's encoding, such as latin1, windows-1252 or utf-16. Default: utf-8, or utf-16 if the file starts with its byte order mark.", Named);
    private readonly Option<bool> _noHeader = Flags.Switch("--no-header", "The first line is a row like any other; columns are called column 1, column 2 and so on. Default: it names the columns.");

    internal IEnumerable<Option> Options => [_separator, _decimal, _encoding, _noHeader];

    /// <summary>Reading options of other flags, or of a model, with these.</summary>
    internal CsvOptions Read(ParseResult parsed, CsvOptions options) => options with
    {
        Separator = parsed.GetValue(_separator),
        DecimalSeparator = parsed.GetValue(_decimal) ?? options.DecimalSeparator,
        Encoding = parsed.GetValue(_encoding),
        HasHeader = !parsed.GetValue(_noHeader),
    };

    private static char? Separator(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        [char one] when char.IsAscii(one) && one is not ('"' or '\n' or '\r' or '\0') => one,
        _ => throw new UsageException($"must be one ASCII character other than a quotation mark, or the word tab, but is '{text}'."),
    };

    private static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"must be the name of an encoding, such as latin1, windows-1252 or utf-16, but is '{name}'.");
        }
    }
}
