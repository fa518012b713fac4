namespace MLNetHyper.Engine;

/// <summary>Work that is cut into independent items.</summary>
internal interface IDividedWork
{
    /// <summary>Does one item. <paramref name="worker"/> is held by no one else meanwhile.</summary>
    void Do(int item, int worker);
}

/// <summary>
/// A few threads that wait for divided work, so that a step starts none and allocates nothing. What an item itself has divided by the same team is shared by those that have no item of their own.
/// The threads end when the team is stopped or collected; a team without threads works on its caller's.
/// </summary>
internal sealed class WorkerTeam
{
    private readonly WorkerThreads? _threads;

    internal WorkerTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        if (size == 1)
            return;
        // The threads must not know the team, or it would never be collected.
        _threads = new WorkerThreads(size);
    }

    ~WorkerTeam() => _threads?.Stop();

    /// <summary>The number of threads, the caller's included.</summary>
    internal int Size { get; }

    /// <summary>Ends the threads, once they have done the work under way.</summary>
    internal void Stop() => _threads?.Stop();

    /// <summary>
    /// Does all items and returns. On the caller's thread alone when it asks for that or the team is busy for others. What an item throws on any thread
    /// is thrown here when all threads have stopped; other items may have been left out. The team remains usable.
    /// </summary>
    internal void Run(IDividedWork work, int items, bool alone)
    {
        if (alone || items == 1 || _threads is null || !_threads.TryRun(work, items))
        {
            int worker = _threads?.CallingWorker ?? 0;
            for (int i = 0; i < items; i++)
                work.Do(i, worker);
        }
        GC.KeepAlive(this);
    }
}
