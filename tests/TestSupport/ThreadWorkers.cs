namespace MLNetHyper.Engine.TestSupport;

/// <summary>Workers that are threads of this process: what they do together is what processes do, without the messages.</summary>
internal sealed class ThreadWorkers : Workers
{
    private const int StackSize = 1 << 20;

    private readonly Team _team;

    private ThreadWorkers(Team team, int rank) => (_team, Rank) = (team, rank);

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Count => _team.Numbers.Length;

    /// <summary>Sums that there were.</summary>
    internal long Rounds { get; private set; }

    /// <summary>Numbers that went into them.</summary>
    internal long Summed { get; private set; }

    /// <summary>Called before each sum, to disturb the order in which workers come.</summary>
    internal Action? BeforeSum { get; set; }

    /// <summary>Has several workers do the same; returns what each comes to.</summary>
    /// <exception cref="AggregateException">What some of them ended with.</exception>
    internal static T[] Run<T>(int count, Func<ThreadWorkers, T> work)
    {
        var team = new Team(count);
        var results = new T[count];
        var failures = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() => Work(rank), StackSize))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return Array.TrueForAll(failures, failure => failure is null) ? results : throw new AggregateException(failures.OfType<Exception>());

        void Work(int rank)
        {
            using var workers = new ThreadWorkers(team, rank);
            try
            {
                results[rank] = work(workers);
            }
            catch (Exception exception)
            {
                failures[rank] = exception;
                workers.Fail();
            }
        }
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> numbers)
    {
        BeforeSum?.Invoke();
        (Rounds, Summed) = (Rounds + 1, Summed + numbers.Length);
        double[] mine = Own(numbers);
        Wait();
        // Each adds up a share, so that many workers do not each add up everything.
        (int from, int to) = (Border(Rank, mine.Length), Border(Rank + 1, mine.Length));
        for (int i = from; i < to; i++)
        {
            double sum = 0;
            foreach (double[] others in _team.Numbers)
                sum += others[i];
            _team.Sums[i] = sum;
        }
        Wait();
        _team.Sums.AsSpan(0, numbers.Length).CopyTo(numbers);
        Wait();
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes)
    {
        if (Rank == 0)
            _team.Bytes = bytes.ToArray();
        Wait();
        _team.Bytes.CopyTo(bytes);
        Wait();
    }

    /// <inheritdoc/>
    public override byte[][] Exchange(IReadOnlyList<byte[]> messages)
    {
        BeforeSum?.Invoke();
        _team.Messages[Rank] = messages;
        Wait();
        byte[][] own = [.. _team.Messages.Select(others => others[Rank])];
        Wait();
        return own;
    }

    /// <inheritdoc/>
    public override void Fail() => _team.End();

    private double[] Own(ReadOnlySpan<double> numbers)
    {
        if (_team.Numbers[Rank] is not { } mine || mine.Length != numbers.Length)
            mine = _team.Numbers[Rank] = new double[numbers.Length];
        numbers.CopyTo(mine);
        if (Rank == 0 && _team.Sums.Length < numbers.Length)
            _team.Sums = new double[numbers.Length];
        return mine;
    }

    private int Border(int rank, int length) => (int)((long)length * rank / Count);

    private void Wait()
    {
        if (!_team.Meet())
            throw new WorkersException("Another worker has failed.");
    }

    /// <summary>What workers share. They sleep where they wait: a thousand that look again and again would leave no processor to those who work.</summary>
    private sealed class Team(int count)
    {
        private readonly object _door = new();
        private int _waiting;
        private long _meetings;
        private bool _hasEnded;

        /// <summary>Waits for all; false where one of them has failed.</summary>
        internal bool Meet()
        {
            lock (_door)
            {
                long meeting = _meetings;
                if (++_waiting == count)
                {
                    (_waiting, _meetings) = (0, _meetings + 1);
                    Monitor.PulseAll(_door);
                }
                while (meeting == _meetings && !_hasEnded)
                    Monitor.Wait(_door);
                return meeting != _meetings;
            }
        }

        internal void End()
        {
            lock (_door)
            {
                _hasEnded = true;
                Monitor.PulseAll(_door);
            }
        }

        internal double[][] Numbers { get; } = new double[count][];

        internal double[] Sums { get; set; } = [];

        internal IReadOnlyList<byte[]>[] Messages { get; } = new IReadOnlyList<byte[]>[count];

        internal byte[] Bytes { get; set; } = [];
    }
}
