namespace MLNetHyper.Cli;

/// <summary>Progress of many pieces of work that end in any order: a bar on a terminal, about ten lines in a pipe, nothing beside JSON.</summary>
internal sealed class PieceProgress<T> : IProgress<T>
{
    private const int Lines = 10;

    private readonly Lock _lock = new();
    private readonly Func<T, (double Work, string Text)> _describe;
    private readonly double _total;
    private readonly int _pieces;
    private readonly Action<double, string> _show;
    private double _done;
    private int _ended;

    private PieceProgress(int pieces, double total, Func<T, (double Work, string Text)> describe, Action<double, string> show) =>
        (_pieces, _total, _describe, _show) = (pieces, total, describe, show);

    /// <summary>Does the work and shows how it goes on.</summary>
    /// <param name="session">Where to show it.</param>
    /// <param name="silent">Shows nothing.</param>
    /// <param name="pieces">How many pieces there are.</param>
    /// <param name="total">All their work, in any unit.</param>
    /// <param name="describe">A piece's work, and a few words about it.</param>
    /// <param name="work">What reports the pieces, from any thread.</param>
    internal static TResult Show<TResult>(Session session, bool silent, int pieces, double total, Func<T, (double Work, string Text)> describe, Func<IProgress<T>?, TResult> work)
    {
        if (silent)
            return work(null);
        if (!session.IsTerminal)
        {
            int written = 0;
            return work(new PieceProgress<T>(pieces, total, describe, (share, text) =>
            {
                if (share * Lines < written + 1)
                    return;
                written = Math.Max(written + 1, (int)(share * Lines));
                session.Out.WriteLine($"{100 * share,4:0} %   {text}");
                // Who follows a log wants to see the line when it happens.
                session.Out.Flush();
            }));
        }
        return Bar.Show(task => work(new PieceProgress<T>(pieces, total, describe, (share, text) => Bar.Describe(task, share, text))));
    }

    public void Report(T value)
    {
        lock (_lock)
        {
            (double work, string text) = _describe(value);
            _done += work;
            _ended++;
            // Sums of shares may end a hair below one.
            _show(_ended >= _pieces ? 1 : Math.Min(1, _done / _total), $"{_ended} of {_pieces}: {text}");
        }
    }
}
