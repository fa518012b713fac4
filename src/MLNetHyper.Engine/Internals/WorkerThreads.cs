using System.Diagnostics;

namespace MLNetHyper.Engine;

/// <summary>The threads of a <see cref="WorkerTeam"/>, and the jobs that they share: one from outside, and one within each thread's item.</summary>
internal sealed class WorkerThreads
{
    // More work usually follows within less, and a thread that sleeps takes about half as long to wake.
    private static readonly TimeSpan _patience = TimeSpan.FromMicroseconds(Environment.ProcessorCount > 1 ? 200 : 0);

    // Whose work the current thread does, and as which worker.
    [ThreadStatic]
    private static WorkerThreads? _own;

    [ThreadStatic]
    private static int _worker;

    private readonly DividedJob _outer = new();
    private readonly DividedJob[] _inner;
    private volatile bool _isStopped;
    private int _watching;
    private int _asleep;

    internal WorkerThreads(int size)
    {
        _inner = [.. Enumerable.Range(0, size).Select(_ => new DividedJob())];
        for (int i = 1; i < size; i++)
        {
            int worker = i;
            new Thread(() => Serve(worker)) { IsBackground = true, Name = $"network worker {i}" }.Start();
        }
    }

    private SemaphoreSlim Gate { get; } = new(0);

    /// <summary>The number that the calling thread has in this team; 0 outside.</summary>
    internal int CallingWorker => _own == this ? _worker : 0;

    internal void Stop()
    {
        _isStopped = true;
        Gate.Release(_inner.Length);
    }

    /// <summary>Does all items, unless the team is busy for others or this thread already conducts a job within another.</summary>
    internal bool TryRun(IDividedWork work, int items)
    {
        if (_own == this)
        {
            DividedJob inner = _inner[_worker];
            if (inner.IsOpen)
                return false;
            Conduct(inner, work, items);
            return true;
        }
        if (!Monitor.TryEnter(_outer))
            return false;
        (WorkerThreads? own, int worker) = (_own, _worker);
        (_own, _worker) = (this, 0);
        try
        {
            Conduct(_outer, work, items);
            return true;
        }
        finally
        {
            (_own, _worker) = (own, worker);
            Monitor.Exit(_outer);
        }
    }

    private void Conduct(DividedJob job, IDividedWork work, int items)
    {
        job.Open(work, items);
        Wake(items - 1);
        job.Take(_worker);
        job.Close();
        SpinWait wait = default;
        while (job.HasHelpers)
        {
            // Within an item, one's own next step waits for nothing but this job.
            if (job != _outer || !Help())
                wait.SpinOnce(sleep1Threshold: -1);
        }
        job.End();
    }

    private void Serve(int worker)
    {
        (_own, _worker) = (this, worker);
        while (!_isStopped)
        {
            if (!Help())
                Rest();
        }
    }

    /// <summary>Takes items of the first job that has some.</summary>
    private bool Help()
    {
        if (FirstWithItems() is not { } job)
            return false;
        job.Join(_worker);
        return true;
    }

    private DividedJob? FirstWithItems()
    {
        if (_outer.HasItems)
            return _outer;
        foreach (DividedJob job in _inner)
        {
            if (job.HasItems)
                return job;
        }
        return null;
    }

    /// <summary>Watches for work for a while, then sleeps until there is some.</summary>
    private void Rest()
    {
        Interlocked.Increment(ref _watching);
        long start = Stopwatch.GetTimestamp();
        while (!_isStopped && FirstWithItems() is null && Stopwatch.GetElapsedTime(start) < _patience)
            Thread.SpinWait(20);
        Interlocked.Decrement(ref _watching);
        // Once more when it is known who sleeps: a job that was opened before wakes nobody.
        Interlocked.Increment(ref _asleep);
        if (!_isStopped && FirstWithItems() is null)
            Gate.Wait();
        Interlocked.Decrement(ref _asleep);
    }

    private void Wake(int helpers)
    {
        int missing = Math.Min(helpers - Volatile.Read(ref _watching), Volatile.Read(ref _asleep));
        if (missing > 0)
            Gate.Release(missing);
    }
}
