namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class WorkerTeamTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void What_an_item_throws_reaches_the_caller_and_the_team_goes_on(int size)
    {
        WorkerTeam team = new(size);
        for (int round = 0; round < 50; round++)
        {
            int bad = round % 20;
            var e = Assert.ThrowsExactly<InvalidOperationException>(() => team.Run(new Work(item => throw (item >= bad ? new InvalidOperationException($"{item}") : new InvalidOperationException("every item"))), 20, alone: false));
            Assert.IsNotNull(e.StackTrace);
            Does(team, 20);
        }
    }

    /// <summary>More threads than processors and jobs of next to nothing: helpers come when theirs is over and the next has begun.</summary>
    [TestMethod]
    public void Every_item_is_done_once_however_late_a_helper_comes()
    {
        WorkerTeam team = new(2 * Environment.ProcessorCount);
        for (int round = 0; round < 20_000; round++)
            Does(team, 2 + (round % 7));
        team.Stop();
    }

    [TestMethod]
    public void A_helper_that_throws_does_not_end_the_process()
    {
        WorkerTeam team = new(3);
        int caller = Environment.CurrentManagedThreadId, thrown = 0;
        // Until a helper has had a turn: which thread takes an item is chance.
        for (int attempt = 0; attempt < 100_000 && thrown == 0; attempt++)
        {
            try
            {
                team.Run(new Work(_ =>
                {
                    if (Environment.CurrentManagedThreadId == caller)
                        return;
                    throw new InvalidOperationException("of a helper");
                }), 1000, alone: false);
            }
            catch (InvalidOperationException e) when (e.Message == "of a helper")
            {
                thrown++;
            }
        }
        Assert.AreEqual(1, thrown);
        Does(team, 100);
    }

    [TestMethod]
    public void A_team_that_was_stopped_works_on_the_callers_thread()
    {
        WorkerTeam team = new(4);
        Does(team, 10);
        team.Stop();
        team.Stop();
        int caller = Environment.CurrentManagedThreadId;
        team.Run(new Work(_ => Assert.AreEqual(caller, Environment.CurrentManagedThreadId)), 10, alone: false);
        Does(team, 10);
    }

    /// <summary>Members' networks cut their batches within the members' items, on the same team; one level more is done alone.</summary>
    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void What_items_have_divided_is_done_once_by_whoever_is_free_and_no_worker_is_two_threads(int size)
    {
        WorkerTeam team = new(size);
        int[] within = new int[size];
        for (int round = 0; round < 5000; round++)
        {
            int[,] done = new int[3, 8];
            team.Run(new Work(member =>
            {
                if (member == 2)
                    return;
                team.Run(new Work((part, worker) =>
                {
                    Assert.AreEqual(1, Interlocked.Increment(ref within[worker]));
                    team.Run(new Work(half => Interlocked.Add(ref done[member, part], half)), 2, alone: false);
                    Interlocked.Decrement(ref within[worker]);
                }), 8, alone: false);
            }), 3, alone: false);
            for (int part = 0; part < 8; part++)
                Assert.AreEqual((1, 1, 0), (done[0, part], done[1, part], done[2, part]));
        }
    }

    [TestMethod]
    public void A_thread_without_an_item_helps_with_what_another_ones_item_has_divided()
    {
        WorkerTeam team = new(2);
        HashSet<int> threads = [];
        // Until both were seen: how long a thread takes to come is chance.
        for (int attempt = 0; attempt < 10_000 && threads.Count < 2; attempt++)
        {
            team.Run(new Work(item =>
            {
                if (item == 0)
                    return;
                team.Run(new Work(_ =>
                {
                    lock (threads)
                        threads.Add(Environment.CurrentManagedThreadId);
                    Thread.SpinWait(1000);
                }), 50, alone: false);
            }), 2, alone: false);
        }
        Assert.HasCount(2, threads);
    }

    [TestMethod]
    public void What_a_part_of_an_item_throws_reaches_the_caller()
    {
        WorkerTeam team = new(3);
        for (int round = 0; round < 200; round++)
        {
            Assert.ThrowsExactly<InvalidOperationException>(() => team.Run(new Work(item => team.Run(new Work(part => throw new InvalidOperationException("a part")), 4, alone: false)), 3, alone: false));
            Does(team, 10);
        }
    }

    private static void Does(WorkerTeam team, int items)
    {
        int[] done = new int[items];
        team.Run(new Work(item => Interlocked.Increment(ref done[item])), items, alone: false);
        CollectionAssert.AreEqual(Enumerable.Repeat(1, items).ToArray(), done);
    }

    private sealed class Work(Action<int, int> action) : IDividedWork
    {
        internal Work(Action<int> action) : this((item, _) => action(item))
        {
        }

        public void Do(int item, int worker) => action(item, worker);
    }
}
