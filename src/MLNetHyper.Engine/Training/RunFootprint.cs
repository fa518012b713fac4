namespace MLNetHyper.Engine;

/// <summary>What a run of <see cref="OnePass"/> creates on an engine: how many weight-sized vectors, and how many places to differentiate at.</summary>
/// <param name="Vectors">Weight-sized vectors.</param>
/// <param name="Linearisations">Linearisations for gradients alone.</param>
/// <param name="Products">Linearisations that keep activations for products too.</param>
internal sealed record RunFootprint(int Vectors, int Linearisations, int Products)
{
    /// <summary>
    /// Counts by preparing the run, with vectors that have no elements: whatever the method, the update rule and the granularities, the
    /// count is theirs. Nothing is created while a run goes on.
    /// </summary>
    internal static RunFootprint Of(Architecture architecture, int trainingRows, bool inBlocks, int validationRows, OnePassOptions options)
    {
        var objective = new CountingObjective(new NetworkShape(architecture));
        LoopOptions loop = OnePass.LoopFor(options, trainingRows, inBlocks) with { InitialWeights = null };
        BatchSource training = new NoBatches(trainingRows, options.BatchSizeFor(trainingRows, inBlocks));
        BatchSource? validation = validationRows == 0 ? null : new NoBatches(validationRows, options.ValidationBatchSizeFor(trainingRows, validationRows, inBlocks));
        _ = new OnePassLoop<CountedVector>(objective, training, validation, loop);
        if (options.RetrainOnAll && validation is not null)
        {
            _ = new OnePassLoop<CountedVector>(objective, training, null, OnePass.ForRetraining(loop, schedule: null));
            objective.CreateLinearisation(withProducts: false);
        }
        return new(objective.Vectors, objective.Linearisations, objective.Products);
    }

    private sealed class CountingObjective(NetworkShape shape) : IObjective<CountedVector>
    {
        internal int Vectors { get; private set; }

        internal int Linearisations { get; private set; }

        internal int Products { get; private set; }

        public IReadOnlyList<TensorSegment> Tensors => shape.Tensors;

        public CountedVector CreateVector()
        {
            Vectors++;
            return new(this, shape.Length);
        }

        public void Initialise(CountedVector weights, int seed) { }

        public ILinearisation<CountedVector> CreateLinearisation(bool withProducts = true)
        {
            if (withProducts)
                Products++;
            else
                Linearisations++;
            return new NoLinearisation();
        }
    }

    private sealed class NoBatches(int examples, int batchSize) : BatchSource
    {
        public override int ExampleCount => examples;

        public override int BatchSize => batchSize;

        public override Batch BatchAt(long number) => throw new NotSupportedException("Preparing a run needs no batch.");
    }

    private sealed class NoLinearisation : ILinearisation<CountedVector>
    {
        public double Loss(CountedVector weights, Batch batch) => 0;

        public double Gradient(CountedVector weights, Batch batch, CountedVector gradient) => 0;

        public void Products(Curvature curvature, ReadOnlySpan<CountedVector> directions, ReadOnlySpan<CountedVector> products, BatchPart part) { }
    }

    /// <summary>A vector without elements.</summary>
    private sealed class CountedVector(CountingObjective objective, int length) : IVector<CountedVector>
    {
        public int Length => length;

        public CountedVector CreateZero() => objective.CreateVector();

        public void CopyFrom(CountedVector source) { }

        public void Fill(double value) { }

        public void Fill(double value, int start, int length) { }

        public void Scale(double a) { }

        public void Combine(double a, double b, CountedVector x) { }

        public void Combine(double a, double b, CountedVector x, double c, CountedVector y) { }

        public void CombineProduct(double a, double b, CountedVector x, CountedVector y) { }

        public void QuotientRoot(CountedVector x, double a, CountedVector y, double epsilon) { }

        public void Exp10() { }

        public void Sigmoid() { }

        public void Clamp(double lower, double upper) { }

        public double Dot(CountedVector x) => 0;

        public double Dot(CountedVector x, int start, int length) => 0;

        public bool IsFinite() => true;

        public void CopyTo(Span<double> destination) { }

        public void CopyFrom(ReadOnlySpan<double> source) { }
    }
}
