using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>
/// The workers that train one model together, as one of them sees them: its number, how many there are, and how numbers pass among them. All call the
/// same members in the same order, with as many numbers. <c>MLNetHyper.Mpi</c> connects them by MPI; derive from it to connect them otherwise.
/// </summary>
public abstract class Workers : IDisposable
{
    /// <summary>One worker, who has nobody to wait for.</summary>
    public static Workers One { get; } = new Alone();

    /// <summary>This worker's number, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>How many workers there are, at least 1.</summary>
    public abstract int Count { get; }

    /// <summary>Whether this is the one who writes files and reports: worker 0.</summary>
    public bool Writes => Rank == 0;

    /// <summary>Replaces every number by its sum over all workers, added in the order of their ranks: the same bits for all of them, whoever comes first.</summary>
    /// <param name="numbers">This worker's numbers.</param>
    /// <exception cref="WorkersException">Another worker has failed or does not answer.</exception>
    public abstract void Sum(Span<double> numbers);

    /// <summary>Replaces every byte by that of worker 0.</summary>
    /// <param name="bytes">As many on every worker.</param>
    /// <exception cref="WorkersException">Another worker has failed or does not answer.</exception>
    public abstract void Broadcast(Span<byte> bytes);

    /// <summary>Hands each worker its message.</summary>
    /// <param name="messages">One to each worker, this one too, in the order of their ranks; of any length. All may be the same array.</param>
    /// <returns>What each worker has for this one, in the order of their ranks.</returns>
    /// <exception cref="WorkersException">Another worker has failed or does not answer.</exception>
    public abstract byte[][] Exchange(IReadOnlyList<byte[]> messages);

    /// <summary>What each worker says to all, in the order of their ranks.</summary>
    /// <param name="write">Writes what this one has to say.</param>
    /// <param name="read">Reads what one of them says.</param>
    internal T[] Tell<T>(Action<BinaryWriter> write, Func<BinaryReader, T> read)
    {
        using var stream = new MemoryStream();
        using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
            write(writer);
        byte[][] messages = Exchange([.. Enumerable.Repeat(stream.ToArray(), Count)]);
        return Array.ConvertAll(messages, message =>
        {
            using BinaryReader reader = new(new MemoryStream(message));
            return read(reader);
        });
    }

    /// <summary>Refuses workers that were started with something else.</summary>
    /// <param name="identity">Text that of others would not be the same.</param>
    /// <exception cref="WorkersException">It is not the same for all.</exception>
    internal void RequireSame(string identity)
    {
        byte[] own = SHA256.HashData(Encoding.UTF8.GetBytes(identity)), first = [.. own];
        Broadcast(first.AsSpan());
        double[] others = [own.AsSpan().SequenceEqual(first) ? 0 : 1];
        Sum(others);
        if (others[0] > 0)
            throw new WorkersException($"{others[0]} of {Count} workers were started with other data or options than the first. Give all of them the same files and the same command.");
    }

    /// <summary>What worker 0 has, for all; null where it has nothing.</summary>
    internal byte[]? Broadcast(byte[]? bytes)
    {
        byte[] length = BitConverter.GetBytes(bytes?.Length ?? -1);
        Broadcast(length.AsSpan());
        int count = BitConverter.ToInt32(length);
        if (count < 0)
            return null;
        byte[] all = Writes ? bytes! : new byte[count];
        Broadcast(all.AsSpan());
        return all;
    }

    /// <summary>Tells the others that this worker cannot go on: where they wait for it they get a <see cref="WorkersException"/>. Nothing follows but <see cref="Dispose"/>.</summary>
    public virtual void Fail() { }

    /// <summary>Leaves the others, when all is done.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class Alone : Workers
    {
        public override int Rank => 0;

        public override int Count => 1;

        public override void Sum(Span<double> numbers) { }

        public override void Broadcast(Span<byte> bytes) { }

        public override byte[][] Exchange(IReadOnlyList<byte[]> messages) => [.. messages];
    }
}

/// <summary>Workers cannot train together any longer, or could not begin.</summary>
public sealed class WorkersException : Exception
{
    /// <summary>What is in their way.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="inner">What caused it.</param>
    public WorkersException(string message, Exception? inner = null) : base(message, inner) { }
}
