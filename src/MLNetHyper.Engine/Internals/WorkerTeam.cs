using System.Runtime.ExceptionServices;

namespace MLNetHyper.Engine;

/// <summary>Work that is cut into independent items.</summary>
internal interface IDividedWork
{
    /// <summary>Does one item. <paramref name="worker"/> is held by no one else meanwhile.</summary>
    void Do(int item, int worker);
}

/// <summary>
/// A few threads that wait for divided work, so that a step starts none and allocates nothing. They end when the team is stopped
/// or collected; a team without threads works on its caller's.
/// </summary>
internal sealed class WorkerTeam
{
    private readonly Shared? _shared;

    internal WorkerTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        if (size == 1)
            return;
        _shared = new Shared();
        for (int i = 1; i < size; i++)
        {
            // The thread must not know the team, or the team would never be collected.
            Shared shared = _shared;
            int worker = i;
            new Thread(() => shared.Serve(worker)) { IsBackground = true, Name = $"network worker {i}" }.Start();
        }
    }

    ~WorkerTeam() => EndThreads();

    /// <summary>Ends the threads, once they have done the work under way.</summary>
    internal void Stop()
    {
        if (_shared is null)
            return;
        lock (_shared)
            EndThreads();
    }

    /// <summary>The number of threads, the caller's included.</summary>
    internal int Size { get; }

    /// <summary>
    /// Does all items and returns. On the caller's thread alone when it asks for that or the team is busy. What an item throws on any thread
    /// is thrown here when all threads have stopped; other items may have been left out. The team remains usable.
    /// </summary>
    internal void Run(IDividedWork work, int items, bool alone)
    {
        if (alone || items == 1 || _shared is null || !Monitor.TryEnter(_shared))
        {
            for (int i = 0; i < items; i++)
                work.Do(i, 0);
            return;
        }
        try
        {
            _shared.Begin(work, items, _shared.Stopped ? 0 : Math.Min(Size, items) - 1);
        }
        finally
        {
            Monitor.Exit(_shared);
        }
        GC.KeepAlive(this);
    }

    private void EndThreads()
    {
        if (_shared is null || _shared.Stopped)
            return;
        _shared.Stopped = true;
        _shared.Gate.Release(Size - 1);
    }

    private sealed class Shared
    {
        private ExceptionDispatchInfo? _failure;
        private IDividedWork? _work;
        private int _items;
        private int _taken;
        private int _busy;

        internal SemaphoreSlim Gate { get; } = new(0);

        internal volatile bool Stopped;

        internal void Begin(IDividedWork work, int items, int helpers)
        {
            _work = work;
            _items = items;
            _taken = 0;
            Volatile.Write(ref _busy, helpers);
            if (helpers > 0)
                Gate.Release(helpers);
            Take(0);
            SpinWait wait = default;
            while (Volatile.Read(ref _busy) > 0)
                wait.SpinOnce(sleep1Threshold: -1);
            _work = null;
            ExceptionDispatchInfo? failure = _failure;
            _failure = null;
            failure?.Throw();
        }

        internal void Serve(int worker)
        {
            while (true)
            {
                Gate.Wait();
                if (Stopped)
                    return;
                Take(worker);
                Interlocked.Decrement(ref _busy);
            }
        }

        private void Take(int worker)
        {
            try
            {
                int item;
                while ((item = Interlocked.Increment(ref _taken) - 1) < _items)
                    _work!.Do(item, worker);
            }
            catch (Exception e)
            {
                // Whichever came first; and nobody need begin what is lost.
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                Volatile.Write(ref _taken, _items);
            }
        }
    }
}
