using System.IO.Compression;

namespace MLNetHyper.Engine.Tests;

/// <summary>Trajectories that go into a saved model and come back, or are found to be nonsense.</summary>
[TestClass]
public sealed class TrajectoryStorageTests
{
    [TestMethod]
    public void What_was_written_is_read_to_the_last_bit_and_no_further()
    {
        foreach (Trajectory written in (Trajectory[])[Sample(), new([], 0), new(["rate", "Gewichtsabnahme µ"], 3)])
        {
            using var stream = new MemoryStream([.. Bytes(written), 1, 2, 3]);
            Trajectory read = Trajectory.Read(new BinaryReader(stream));
            Assert.AreEqual(3, stream.Length - stream.Position);
            AreSame(written, read);
        }
    }

    [TestMethod]
    public void A_stream_that_cannot_seek_is_read_as_well()
    {
        AreSame(Sample(), Trajectory.Read(new BinaryReader(Forward(Bytes(Sample())))));
    }

    [TestMethod]
    public void A_learned_schedule_is_the_same_after_reading()
    {
        LoopOptions tuned = Methods.Options("neumann", "sgd") with { Steps = 50 };
        Trajectory learned = Loops.Run(Zoo.Create("tanh-net"), tuned).Trajectory;
        LoopOptions replay = tuned with { Method = new Fixed(), Hyperparameters = null };
        Loops.AreSame(Loops.Run(Zoo.Create("tanh-net"), replay with { Schedule = learned }), Loops.Run(Zoo.Create("tanh-net"), replay with { Schedule = Trajectory.Read(new(new MemoryStream(Bytes(learned)))) }));
    }

    [TestMethod]
    public void Trajectories_cut_short_are_refused_in_every_stream()
    {
        byte[] good = Bytes(Sample());
        for (int length = 0; length < good.Length; length++)
            IsRefused(good[..length]);
    }

    [TestMethod]
    public void Numbers_that_cannot_be_are_refused_without_taking_memory()
    {
        byte[] good = Bytes(Sample());
        // Number of names, number of points, length of the first name.
        foreach (int at in (int[])[0, 4, 8])
        {
            foreach (int number in (int[])[-1, int.MinValue, int.MaxValue, 1_000_000_000])
            {
                byte[] bad = [.. good];
                BitConverter.GetBytes(number).CopyTo(bad, at);
                long before = GC.GetAllocatedBytesForCurrentThread();
                IsRefused(bad);
                Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    [TestMethod]
    public void Garbage_is_a_trajectory_or_a_format_exception()
    {
        Random random = new(5);
        for (int run = 0; run < 2000; run++)
        {
            byte[] bytes = new byte[random.Next(8, 200)];
            random.NextBytes(bytes);
            // Small numbers, else nothing would be read but them.
            bytes.AsSpan(1, 3).Clear();
            bytes.AsSpan(5, 3).Clear();
            try
            {
                Trajectory.Read(new BinaryReader(new MemoryStream(bytes)));
            }
            catch (FormatException)
            {
            }
        }
    }

    private static Trajectory Sample()
    {
        Trajectory trajectory = new(["lr", "momentum"], 2);
        for (int i = 0; i < 5; i++)
        {
            trajectory.Add(10 * (i + 1L) * int.MaxValue, 1.0 / (i + 1), i == 0 ? double.NaN : Math.PI / i);
            trajectory.AddHyperparameter(0, Math.Pow(0.1, i), double.Epsilon);
            trajectory.AddHyperparameter(1, -0.0, double.PositiveInfinity);
        }
        return trajectory;
    }

    private static byte[] Bytes(Trajectory trajectory)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            trajectory.Write(writer);
        return stream.ToArray();
    }

    private static DeflateStream Forward(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionMode.Compress, leaveOpen: true))
            deflate.Write(bytes);
        packed.Position = 0;
        return new DeflateStream(packed, CompressionMode.Decompress);
    }

    private static void IsRefused(byte[] bytes)
    {
        Assert.ThrowsExactly<FormatException>(() => Trajectory.Read(new BinaryReader(new MemoryStream(bytes))));
        Assert.ThrowsExactly<FormatException>(() => Trajectory.Read(new BinaryReader(Forward(bytes))));
    }

    private static void AreSame(Trajectory expected, Trajectory actual)
    {
        CollectionAssert.AreEqual(expected.Names.ToArray(), actual.Names.ToArray());
        CollectionAssert.AreEqual(Bytes(expected), Bytes(actual));
        CollectionAssert.AreEqual(expected.Steps.ToArray(), actual.Steps.ToArray());
        CollectionAssert.AreEqual(expected.ValidationLosses.ToArray(), actual.ValidationLosses.ToArray());
        foreach (string name in expected.Names)
            CollectionAssert.AreEqual(expected.Values(name).ToArray(), actual.Values(name).ToArray());
    }
}
