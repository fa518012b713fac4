namespace MLNetHyper.Engine;

/// <summary>A batch for each of several members, taken from its source when it is first asked for: on the thread that computes with it.</summary>
/// <param name="sources">Each member's; the same where they share their batches.</param>
/// <param name="most">How many examples a member has in it at most.</param>
internal sealed class MemberBatch(BatchSource[] sources, int most) : Batch
{
    private readonly Batch?[] _batches = new Batch?[sources.Length];
    private long _number;

    /// <summary>How many examples a member has in it at most, known before they are taken.</summary>
    internal int Most => most;

    /// <summary>All members' examples.</summary>
    public override int Count
    {
        get
        {
            int sum = 0;
            for (int k = 0; k < _batches.Length; k++)
                sum += Of(k).Count;
            return sum;
        }
    }

    /// <inheritdoc/>
    public override double Weight => Of(0).Weight;

    internal override double WeightOf(int model) => Of(model).Weight;

    /// <summary>One member's own. Of different members on different threads.</summary>
    internal Batch Of(int model) => _batches[model] ??= sources[model].BatchAt(_number);

    /// <summary>Becomes the batch of another number.</summary>
    internal void MoveTo(long number)
    {
        _number = number;
        Array.Clear(_batches);
    }

    /// <summary>Becomes a batch that all members share.</summary>
    internal void Share(Batch batch) => Array.Fill(_batches, batch);
}

/// <summary>Batches for members, from sources of their own or from one that they share. Its sizes are those of one member.</summary>
internal sealed class MemberBatchSource : BatchSource
{
    private readonly BatchSource[] _sources;
    private readonly MemberBatch[] _ring;
    private readonly PreparedBatches? _shared;
    private int _next;

    internal MemberBatchSource(BatchSource[] sources, int retained)
    {
        _sources = sources;
        _shared = sources.Length > 1 && ReferenceEquals(sources[0], sources[1]) ? new(sources[0], retained) : null;
        ExampleCount = sources.Max(source => source.ExampleCount);
        BatchSize = sources.Max(source => source.BatchSize);
        _ring = [.. Enumerable.Range(0, retained).Select(_ => new MemberBatch(sources, BatchSize))];
    }

    public override int ExampleCount { get; }

    public override int BatchSize { get; }

    internal override int Networks => _sources.Length;

    internal override int Parts => _sources[0].Parts;

    internal override BatchSource Of(int model) => _shared ?? _sources[model];

    internal override int Prepare(long number, int count) => _shared?.Take(number, count) ?? count;

    internal override void DivideAmong(Workers workers)
    {
        foreach (BatchSource source in _sources)
            source.DivideAmong(workers);
    }

    public override Batch BatchAt(long number)
    {
        MemberBatch batch = _ring[_next];
        _next = (_next + 1) % _ring.Length;
        if (_shared is not null)
            batch.Share(_sources[0].BatchAt(number));
        else
            batch.MoveTo(number);
        return batch;
    }

    /// <summary>Batches that all members share, taken on one thread and given to any.</summary>
    private sealed class PreparedBatches(BatchSource source, int retained) : BatchSource
    {
        private readonly Batch[] _batches = new Batch[retained];
        private long _first;

        public override int ExampleCount => source.ExampleCount;

        public override int BatchSize => source.BatchSize;

        public override Batch BatchAt(long number) => _batches[number - _first];

        internal int Take(long number, int count)
        {
            _first = number;
            count = Math.Min(count, _batches.Length);
            for (int i = 0; i < count; i++)
                _batches[i] = source.BatchAt(number + i);
            return count;
        }
    }
}
