using System.Runtime.ExceptionServices;

namespace MLNetHyper.Engine;

/// <summary>
/// Work under way, used again for the next. Whoever conducts it opens it, takes items until there are none, closes it and waits until all who joined have left: none comes to the next one with an item of this one.
/// </summary>
internal sealed class DividedJob
{
    private ExceptionDispatchInfo? _failure;
    private IDividedWork? _work;
    private int _items;
    private int _taken;
    private int _joined;
    private volatile bool _isOpen;

    internal bool IsOpen => _isOpen;

    /// <summary>Whether there is an item that nobody has taken.</summary>
    internal bool HasItems => _isOpen && Volatile.Read(ref _taken) < _items;

    /// <summary>Whether somebody may still be at an item, beside the one who conducts.</summary>
    internal bool HasHelpers => Volatile.Read(ref _joined) > 0;

    internal void Open(IDividedWork work, int items)
    {
        (_work, _items, _taken) = (work, items, 0);
        _isOpen = true;
        // Whoever is about to sleep has to see that before it is asked who sleeps.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Lets nobody else in.</summary>
    internal void Close()
    {
        _isOpen = false;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Throws what an item threw.</summary>
    internal void End()
    {
        (ExceptionDispatchInfo? failure, _failure, _work) = (_failure, null, null);
        failure?.Throw();
    }

    /// <summary>Takes items on a helper's thread.</summary>
    internal void Join(int worker)
    {
        Interlocked.Increment(ref _joined);
        if (_isOpen)
            Take(worker);
        Interlocked.Decrement(ref _joined);
    }

    /// <summary>Takes items until none are left.</summary>
    internal void Take(int worker)
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
