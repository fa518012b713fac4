namespace MLNetHyper.Engine;

/// <summary>How many rows the pieces of a table have.</summary>
internal sealed class PieceCounts
{
    private readonly List<(long Piece, int Rows, int Usable)> _pieces = [];

    /// <summary>All rows.</summary>
    internal long Rows => _pieces.Sum(piece => (long)piece.Rows);

    /// <summary>Those that have a label and a weight.</summary>
    internal long Usable => _pieces.Sum(piece => (long)piece.Usable);

    /// <summary>Notes a piece.</summary>
    internal void Add(long piece, int rows, int usable) => _pieces.Add((piece, rows, usable));

    /// <summary>Those of all workers' pieces.</summary>
    internal PieceCounts Of(Workers workers)
    {
        var all = new PieceCounts();
        foreach ((long, int, int)[] pieces in workers.Tell(
            writer => writer.Write(_pieces, piece => { writer.Write(piece.Piece); writer.Write(piece.Rows); writer.Write(piece.Usable); }),
            reader => reader.ReadArray(sizeof(long) + (2 * sizeof(int)), () => (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32()))))
        {
            all._pieces.AddRange(pieces);
        }
        all._pieces.Sort();
        return all;
    }

    /// <summary>For each piece how many rows of those before it train.</summary>
    /// <param name="heldOut">The usable rows that do not.</param>
    internal Dictionary<long, long> TrainingBefore(IEnumerable<RowPlace> heldOut)
    {
        Dictionary<long, int> held = heldOut.CountBy(place => place.Piece).ToDictionary();
        Dictionary<long, long> before = [];
        long count = 0;
        foreach ((long piece, _, int usable) in _pieces)
        {
            before.Add(piece, count);
            count += usable - held.GetValueOrDefault(piece);
        }
        return before;
    }
}
