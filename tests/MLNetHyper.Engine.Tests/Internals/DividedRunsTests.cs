using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Engine.Tests;

/// <summary>Runs that workers divide, as threads; MLNetHyper.Mpi.Tests has them as processes.</summary>
[TestClass]
public sealed class DividedRunsTests
{
    private const int Runs = 23;

    private static readonly JsonTypeInfo<Report[]> _json = (JsonTypeInfo<Report[]>)new JsonSerializerOptions { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetTypeInfo(typeof(Report[]));

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 4)]
    [DataRow(2, 1)]
    [DataRow(4, 3)]
    public void Each_is_done_once_and_all_know_of_all(int count, int parallelism)
    {
        var doneBy = new ConcurrentDictionary<int, int>();
        List<Report>[] noted = On(count, workers =>
        {
            int underWay = 0;
            List<Report> reports = [];
            DividedRuns.Do(workers, Runs, parallelism, _json, (number, report, _) =>
            {
                Assert.IsTrue(doneBy.TryAdd(number, workers.Rank));
                Assert.IsLessThanOrEqualTo(parallelism, Interlocked.Increment(ref underWay));
                report(new(number, Math.Sqrt(number)));
                report(new(-number, double.NaN));
                Interlocked.Decrement(ref underWay);
            }, reports.Add, CancellationToken.None);
            return reports;
        });
        Assert.HasCount(Runs, doneBy);
        Assert.AreEqual(0, doneBy[0]);
        foreach (List<Report> reports in noted)
        {
            Assert.HasCount(2 * Runs, reports);
            CollectionAssert.AreEquivalent(Enumerable.Range(0, Runs).Select(number => new Report(number, Math.Sqrt(number))).ToArray(), reports.Where(report => double.IsFinite(report.Value)).ToArray());
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void One_that_fails_ends_all(int count)
    {
        int begun = 0;
        void Do(Workers workers) => DividedRuns.Do(workers, 1000, 1, _json, (number, _, ended) =>
        {
            if (Interlocked.Increment(ref begun) == 7)
                throw new IOException("The disk is gone.");
            ended.WaitHandle.WaitOne(1);
        }, _ => { }, CancellationToken.None);
        if (count == 1)
        {
            Assert.ThrowsExactly<IOException>(() => Do(Workers.One));
            return;
        }
        AggregateException error = Assert.Throws<AggregateException>(() => On(count, workers =>
        {
            Do(workers);
            return 0;
        }));
        Assert.AreEqual(1, error.InnerExceptions.OfType<IOException>().Count());
        Assert.AreEqual(count - 1, error.InnerExceptions.OfType<WorkersException>().Count());
        Assert.IsLessThan(1000, begun);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void One_that_is_canceled_ends_all(int count)
    {
        bool[] canceled = On(count, workers =>
        {
            using var source = new CancellationTokenSource();
            try
            {
                DividedRuns.Do(workers, 1000, 2, _json, (number, _, ended) =>
                {
                    if (workers.Rank == count - 1 && number > 10)
                        source.Cancel();
                    ended.WaitHandle.WaitOne(2);
                    ended.ThrowIfCancellationRequested();
                }, _ => { }, source.Token);
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        });
        Assert.IsTrue(Array.TrueForAll(canceled, isCanceled => isCanceled));
    }

    private static T[] On<T>(int count, Func<Workers, T> work) => count == 1 ? [work(Workers.One)] : ThreadWorkers.Run(count, work);

    private sealed record Report(int Number, double Value);
}
