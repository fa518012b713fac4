namespace MLNetHyper.Engine;

/// <summary>Features that name a bucket become indicators, one for each bucket; the others stay as they are. Applied as batches are packed, so that rows in memory hold a number where the network sees hundreds.</summary>
internal sealed class BucketIndicators : InputTransform
{
    internal const string FileTag = "buckets";

    private readonly int[] _buckets;
    private readonly int[] _starts;

    /// <param name="buckets">For each feature how many buckets it names, from 1 on, any other value meaning none; 0 for a feature that stays.</param>
    /// <exception cref="ArgumentException">There are no features, or a number is negative.</exception>
    internal BucketIndicators(params int[] buckets) : base(buckets.Length, buckets.Sum(count => Math.Max(1, count)))
    {
        if (buckets.Length == 0 || buckets.Any(count => count < 0))
            throw new ArgumentException("Every feature needs a number of buckets, 0 for none.", nameof(buckets));
        _buckets = buckets;
        _starts = new int[buckets.Length];
        for (int i = 1; i < buckets.Length; i++)
            _starts[i] = _starts[i - 1] + Math.Max(1, buckets[i - 1]);
    }

    internal override string Tag => FileTag;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> values, Span<float> transformed)
    {
        if (values.Length != InputWidth || transformed.Length != OutputWidth)
            throw new ArgumentException($"{InputWidth} features become {OutputWidth}, but {values.Length} are to become {transformed.Length}.", nameof(values));
        transformed.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            int count = _buckets[i];
            // Standardization may have rounded.
            float bucket = MathF.Floor(values[i] + 0.5f);
            if (count == 0)
                transformed[_starts[i]] = values[i];
            else if (bucket >= 1 && bucket <= count)
                transformed[_starts[i] + (int)bucket - 1] = 1;
        }
    }

    internal override IEnumerable<int> OutputsOf(int input) => Enumerable.Range(_starts[input], Math.Max(1, _buckets[input]));

    internal override void Write(BinaryWriter writer) => writer.Write(_buckets, writer.Write);

    internal static BucketIndicators Read(BinaryReader reader) => new(reader.ReadArray(sizeof(int), reader.ReadInt32));

    internal override string WriteOnnx(IOnnxGraph graph, string rows)
    {
        List<string> parts = [];
        for (int i = 0; i < _buckets.Length;)
        {
            int run = i;
            while (run < _buckets.Length && _buckets[run] == 0)
                run++;
            if (run > i)
                parts.Add(Columns(Enumerable.Range(i, run - i)));
            else
                parts.Add(Indicators(Columns([i]), _buckets[run++]));
            i = run;
        }
        return parts.Count == 1 ? parts[0] : graph.AddNode("Concat", parts, ("axis", 1));

        string Columns(IEnumerable<int> places) => graph.AddNode("Gather", [rows, graph.AddIndices("TakenColumns", places.Select(place => (long)place))], ("axis", 1));

        // What is whole numbers apart is 0, and what is alike 1.
        string Indicators(string column, int count)
        {
            string numbers = graph.AddConstant("Buckets", Enumerable.Range(1, count).Select(bucket => (float)bucket), 1, count);
            string bucket = graph.AddNode("Floor", [graph.AddNode("Add", [column, graph.AddConstant("Half", [0.5f], 1)])]);
            string distance = graph.AddNode("Abs", [graph.AddNode("Sub", [bucket, numbers])]);
            return graph.AddNode("Max", [graph.AddNode("Sub", [graph.AddConstant("Alike", [1], 1), distance]), graph.AddConstant("Apart", [0], 1)]);
        }
    }
}
