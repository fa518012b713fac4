namespace MLNetHyper.Engine;

/// <summary>Some rows of a table that is read in pieces.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Number">Which piece it is: the later one has the greater number, whoever reads how many of them.</param>
/// <param name="IsOwn">Whether the reader takes it. The first one is for everybody to see, since it names the columns.</param>
internal readonly record struct TablePiece(Table Rows, long Number, bool IsOwn);

/// <summary>Which of a table's pieces one of several readers takes.</summary>
/// <param name="Reader">Which reader, from 0.</param>
/// <param name="Readers">How many there are.</param>
internal readonly record struct TablePart(int Reader, int Readers)
{
    /// <summary>All pieces.</summary>
    internal static TablePart Whole { get; } = new(0, 1);

    /// <summary>None.</summary>
    internal static TablePart None { get; } = new(-1, 1);

    /// <summary>Whether a piece is this reader's.</summary>
    internal bool Has(int index) => index % Readers == Reader;

    /// <summary>The part of one file among several. Where there is one for every reader, whole files are dealt; else pieces of each, whose first is another reader's from file to file.</summary>
    internal TablePart Of(int file, int files) =>
        files < Readers ? this with { Reader = (Reader + Readers - (file % Readers)) % Readers } : Has(file) ? Whole : None;
}

/// <summary>Where a row is in a table that is read in pieces.</summary>
/// <param name="Piece">The number of its piece.</param>
/// <param name="Row">Which row of the piece, from 0.</param>
internal readonly record struct RowPlace(long Piece, int Row)
{
    /// <summary>The number that the row draws by the seed, from 0 to below 1.</summary>
    internal double Draw(int seed) => RowDraw.Of(seed, unchecked((long)SplitMix64.Mix((ulong)Piece) + Row));
}
