using System.Numerics.Tensors;
using MPI;

namespace MLNetHyper.Mpi;

/// <summary>
/// Workers that <c>mpiexec</c> started, connected by the MPI library of the machine: MPICH, Intel MPI, MVAPICH, Cray MPICH, Microsoft MPI. One object in a process; whoever joins calls
/// <see cref="Dispose"/> at the end, or <see cref="Fail"/> before it where it cannot go on.
/// </summary>
/// <remarks>
/// <para>A sum is an all-to-all, in which each worker gets its share of everybody's numbers, adds it up in the order of ranks, and an all-gather of these shares: twice the numbers go over every worker's wire,
/// however many there are, and the bits do not depend on which algorithm of its own MPI would choose.</para>
/// <para>Before it all tell each other how many numbers they bring, so that one that has failed, or does something else, ends all in good order. One that is gone without a word ends them after the time that they wait.</para>
/// </remarks>
public sealed unsafe class MpiWorkers : Workers
{
    /// <summary>How long to wait for other workers, if nobody says.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromMinutes(5);

    private const long Failed = -1;
    private const long Exchanging = -2;

    private readonly MPI.Environment _environment;
    private readonly Watch _watch;
    private readonly long[] _plans;
    private double[] _mine = [];
    private double[] _theirs = [];
    private bool _hasEnded;

    private MpiWorkers(TimeSpan patience)
    {
        string[] none = [];
        _environment = new(ref none);
        Check(Unsafe.MPI_Errhandler_set(Unsafe.MPI_COMM_WORLD, Unsafe.MPI_ERRORS_RETURN));
        int rank, count;
        Check(Unsafe.MPI_Comm_rank(Unsafe.MPI_COMM_WORLD, out rank));
        Check(Unsafe.MPI_Comm_size(Unsafe.MPI_COMM_WORLD, out count));
        (Rank, Count) = (rank, count);
        _plans = new long[count];
        _watch = new(patience, $"Worker {rank} of {count} ends: another one is gone, or has let it wait for {patience.TotalSeconds:0} s. The last checkpoint is whole; the same command goes on from it.");
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>Joins the workers of this job, of whom each calls it once. A process that mpiexec did not start is a job by itself.</summary>
    /// <param name="patience">How long to wait for others before the process ends. Longer than what one may do while others wait. Default: <see cref="DefaultPatience"/>.</param>
    /// <exception cref="WorkersException">There is no MPI library, or it refuses.</exception>
    public static MpiWorkers Join(TimeSpan? patience = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience ?? DefaultPatience, TimeSpan.Zero, nameof(patience));
        MpiLibrary.Use();
        if (MPI.Environment.Initialized)
            throw new WorkersException("This process has joined its workers already: MPI begins once in a process. Hand the object on.");
        return new(patience ?? DefaultPatience);
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> numbers)
    {
        if (Count == 1 || numbers.IsEmpty)
            return;
        Meet(numbers.Length);
        int share = (numbers.Length + Count - 1) / Count, all = share * Count;
        if (_mine.Length < all)
            (_mine, _theirs) = (new double[all], new double[all]);
        Span<double> mine = _mine.AsSpan(0, all), sum = _theirs.AsSpan(0, share);
        numbers.CopyTo(mine);
        mine[numbers.Length..].Clear();
        fixed (double* sent = _mine, received = _theirs)
        {
            Check(Unsafe.MPI_Alltoall((IntPtr)sent, share, Unsafe.MPI_DOUBLE, (IntPtr)received, share, Unsafe.MPI_DOUBLE, Unsafe.MPI_COMM_WORLD));
            for (int rank = 1; rank < Count; rank++)
                TensorPrimitives.Add(sum, _theirs.AsSpan(rank * share, share), sum);
            Check(Unsafe.MPI_Allgather((IntPtr)received, share, Unsafe.MPI_DOUBLE, (IntPtr)sent, share, Unsafe.MPI_DOUBLE, Unsafe.MPI_COMM_WORLD));
        }
        _watch.End();
        mine[..numbers.Length].CopyTo(numbers);
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes)
    {
        if (Count == 1 || bytes.IsEmpty)
            return;
        // Not to be taken for a sum of as many.
        Meet(long.MinValue + bytes.Length);
        fixed (byte* buffer = bytes)
            Check(Unsafe.MPI_Bcast((IntPtr)buffer, bytes.Length, Unsafe.MPI_BYTE, 0, Unsafe.MPI_COMM_WORLD));
        _watch.End();
    }

    /// <inheritdoc/>
    public override byte[][] Exchange(IReadOnlyList<byte[]> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfNotEqual(messages.Count, Count);
        if (Count == 1)
            return [.. messages];
        Meet(Exchanging);
        int[] sent = [.. messages.Select(message => message.Length)], received = new int[Count];
        fixed (int* own = sent, theirs = received)
            Check(Unsafe.MPI_Alltoall((IntPtr)own, sizeof(int), Unsafe.MPI_BYTE, (IntPtr)theirs, sizeof(int), Unsafe.MPI_BYTE, Unsafe.MPI_COMM_WORLD));
        // What goes to all lies in memory once.
        bool isOne = messages.All(message => ReferenceEquals(message, messages[0]));
        byte[] outgoing = isOne ? messages[0] : Concatenate(messages);
        int[] from = isOne ? new int[Count] : StartsOf(sent), to = StartsOf(received);
        byte[] incoming = new byte[to[^1] + received[^1]];
        fixed (byte* o = outgoing, i = incoming)
            Check(Unsafe.MPI_Alltoallv((IntPtr)o, sent, from, Unsafe.MPI_BYTE, (IntPtr)i, received, to, Unsafe.MPI_BYTE, Unsafe.MPI_COMM_WORLD));
        _watch.End();
        return [.. to.Select((start, rank) => incoming.AsSpan(start, received[rank]).ToArray())];
    }

    /// <inheritdoc/>
    public override void Fail()
    {
        if (_hasEnded || Count == 1)
            return;
        _hasEnded = true;
        TellPlan(Failed);
        _watch.End();
    }

    /// <summary>Leaves the job; waits for the others to do so.</summary>
    public override void Dispose()
    {
        _watch.Begin();
        _environment.Dispose();
        _watch.Dispose();
        base.Dispose();
    }

    /// <summary>Where all workers are about to do the same; leaves the watch running.</summary>
    private void Meet(long plan)
    {
        ObjectDisposedException.ThrowIf(_hasEnded, this);
        TellPlan(plan);
        int failed = Array.IndexOf(_plans, Failed);
        if (failed < 0 && Array.TrueForAll(_plans, other => other == plan))
            return;
        _hasEnded = true;
        _watch.End();
        throw new WorkersException(failed >= 0
            ? $"Worker {failed} of {Count} has failed, and all end with it; it says why itself. The last checkpoint is whole: the same command goes on from it."
            : $"Workers do different things ({string.Join(", ", _plans)} numbers). Give all the same data and options, and start them from the same program.");
    }

    private static byte[] Concatenate(IReadOnlyList<byte[]> messages)
    {
        int[] starts = StartsOf([.. messages.Select(message => message.Length)]);
        byte[] all = new byte[starts[^1] + messages[^1].Length];
        for (int rank = 0; rank < starts.Length; rank++)
            messages[rank].CopyTo(all, starts[rank]);
        return all;
    }

    private static int[] StartsOf(int[] lengths)
    {
        if (lengths.Sum(length => (long)length) is var all && all > Array.MaxLength)
            throw new WorkersException($"Workers have {all} bytes for each other at once, more than the {Array.MaxLength} that fit into one array. Let the table take less memory, by --memory-limit or DataOptions.MemoryLimit, so that its sample is smaller.");
        int[] starts = new int[lengths.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + lengths[i - 1];
        return starts;
    }

    private void TellPlan(long plan)
    {
        _watch.Begin();
        fixed (long* plans = _plans)
            Check(Unsafe.MPI_Allgather((IntPtr)(&plan), sizeof(long), Unsafe.MPI_BYTE, (IntPtr)plans, sizeof(long), Unsafe.MPI_BYTE, Unsafe.MPI_COMM_WORLD));
    }

    private static void Check(int error)
    {
        if (error == Unsafe.MPI_SUCCESS)
            return;
        byte[] text = new byte[Unsafe.MPI_MAX_ERROR_STRING];
        int length = text.Length;
        _ = Unsafe.MPI_Error_string(error, text, ref length);
        throw new WorkersException($"MPI could not reach the other workers: {System.Text.Encoding.UTF8.GetString(text, 0, length)} The last checkpoint is whole; the same command goes on from it.");
    }
}
