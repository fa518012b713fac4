using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MLNetHyper.Engine;

/// <summary>
/// Runs that do not need each other, divided among workers: whoever has a processor free gets the next. While runs go on in other threads, the workers meet several times a second; there they tell each other
/// what has finished, so that all have everything, and notice who is gone.
/// </summary>
internal static class DividedRuns
{
    private static readonly TimeSpan _betweenMeetings = TimeSpan.FromMilliseconds(50);

    /// <summary>Does all runs. All workers call it with the same.</summary>
    /// <typeparam name="T">What a run reports, as often as it likes.</typeparam>
    /// <param name="workers">The workers.</param>
    /// <param name="count">How many runs there are; the first is worker 0's.</param>
    /// <param name="parallelism">How many at a time on each worker.</param>
    /// <param name="json">How workers tell each other of reports: numbers that are not finite must be allowed.</param>
    /// <param name="run">Does the run of a number, on any thread; its reports, and the token that ends it.</param>
    /// <param name="note">Told on every worker of every report of all of them; never by two threads at a time.</param>
    /// <param name="cancellation">Ends all, on all workers.</param>
    /// <exception cref="OperationCanceledException">One of the workers was canceled.</exception>
    /// <exception cref="WorkersException">Another worker failed.</exception>
    internal static void Do<T>(Workers workers, int count, int parallelism, JsonTypeInfo<T[]> json, Action<int, Action<T>, CancellationToken> run, Action<T> note, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var own = new OwnRuns<T>(run, ending.Token);
        try
        {
            int next = 0;
            // For each worker: bytes of what has finished, runs that it could begin, runs under way, whether it is canceled.
            double[] told = new double[4 * workers.Count];
            while (true)
            {
                // Where runs were ended the others are told so first.
                if (!cancellation.IsCancellationRequested)
                    own.ThrowIfFailed();
                int underWay = own.UnderWay;
                byte[] finished = own.TakeReports(json);
                Array.Clear(told);
                Span<double> mine = told.AsSpan(4 * workers.Rank, 4);
                (mine[0], mine[1], mine[2], mine[3]) = (finished.Length, parallelism - underWay, underWay, cancellation.IsCancellationRequested ? 1 : 0);
                workers.Sum(told);
                foreach (T report in Shared(workers, told, finished).SelectMany(reports => JsonSerializer.Deserialize(reports, json)!))
                    note(report);
                if (Enumerable.Range(0, workers.Count).Any(rank => told[(4 * rank) + 3] > 0))
                    throw new OperationCanceledException("Canceled.", cancellation);
                bool isBusy = Enumerable.Range(0, workers.Count).Any(rank => told[(4 * rank) + 2] > 0);
                if (next == count && !isBusy)
                    return;
                next = Deal(told, workers, next, count, own);
                WaitHandle.WaitAny([own.News, cancellation.WaitHandle], _betweenMeetings);
            }
        }
        finally
        {
            ending.Cancel();
            own.Wait();
        }
    }

    /// <summary>One to each who is free, then another one, in the order of ranks: all come to the same.</summary>
    private static int Deal<T>(double[] told, Workers workers, int next, int count, OwnRuns<T> own)
    {
        for (int turn = 0; next < count; turn++)
        {
            int before = next;
            for (int rank = 0; rank < workers.Count && next < count; rank++)
            {
                if (told[(4 * rank) + 1] <= turn)
                    continue;
                if (rank == workers.Rank)
                    own.Begin(next);
                next++;
            }
            if (next == before)
                break;
        }
        return next;
    }

    /// <summary>What each worker has to tell, in the order of ranks.</summary>
    private static IEnumerable<byte[]> Shared(Workers workers, double[] told, byte[] own)
    {
        int[] lengths = [.. Enumerable.Range(0, workers.Count).Select(rank => (int)told[4 * rank])];
        // Sums are all that workers have in common: where one tells, the others are silent.
        double[] all = new double[lengths.Sum()];
        int start = lengths.Take(workers.Rank).Sum();
        for (int i = 0; i < own.Length; i++)
            all[start + i] = own[i];
        if (all.Length > 0)
            workers.Sum(all);
        int at = 0;
        foreach (int length in lengths.Where(length => length > 0))
        {
            yield return Array.ConvertAll(all[at..(at + length)], number => (byte)number);
            at += length;
        }
    }

    /// <summary>The runs of this worker.</summary>
    private sealed class OwnRuns<T>(Action<int, Action<T>, CancellationToken> run, CancellationToken cancellation)
    {
        private readonly Lock _lock = new();
        private readonly List<Task> _tasks = [];
        private List<T> _reports = [];

        /// <summary>Set when a run ends.</summary>
        internal AutoResetEvent News { get; } = new(initialState: false);

        /// <summary>How many go on, or have failed and nobody has said so.</summary>
        internal int UnderWay => _tasks.Count(task => !task.IsCompletedSuccessfully);

        internal void Begin(int number)
        {
            Task task = Task.Factory.StartNew(() => run(number, Report, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            task.ContinueWith(_ => News.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _tasks.Add(task);
        }

        /// <summary>What was reported since. Of runs that do not go on any more it is all.</summary>
        internal byte[] TakeReports(JsonTypeInfo<T[]> json)
        {
            List<T> taken;
            lock (_lock)
                (taken, _reports) = (_reports, []);
            return taken.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes([.. taken], json);
        }

        /// <summary>Throws what a run ended with.</summary>
        internal void ThrowIfFailed()
        {
            foreach (Task task in _tasks.Where(task => task.IsFaulted))
                task.GetAwaiter().GetResult();
            _tasks.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        internal void Wait()
        {
            try
            {
                Task.WaitAll([.. _tasks], CancellationToken.None);
            }
            catch (AggregateException)
            {
                // Whoever waits has a reason that came first.
            }
        }

        private void Report(T report)
        {
            lock (_lock)
                _reports.Add(report);
        }
    }
}
