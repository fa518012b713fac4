namespace MLNetHyper.Engine;

/// <summary>What a run of <see cref="OnePass"/> creates on an engine: how many weight-sized vectors, and how many places to differentiate at.</summary>
/// <param name="Vectors">Weight-sized vectors.</param>
/// <param name="Linearizations">Linearizations for gradients alone.</param>
/// <param name="Products">Linearizations that keep activations for products too.</param>
/// <param name="Directions">The most directions of one call for products.</param>
/// <param name="Examples">The most examples that such a call computes with, counted anew for every direction.</param>
internal sealed record RunFootprint(int Vectors, int Linearizations, int Products, int Directions, long Examples)
{
    /// <summary>No method looks back further, so that a longer window shows nothing more.</summary>
    private const int LongestWindow = 1000;

    /// <summary>
    /// Counts by going through one window of the run with vectors that have no elements: whatever the method, the update rule and the
    /// granularities, the count is theirs.
    /// </summary>
    internal static RunFootprint Of(IReadOnlyList<TensorSegment> tensors, int trainingRows, bool inBlocks, int validationRows, OnePassOptions options, IReadOnlyList<Hyperparameter>? ofObjective = null)
    {
        ofObjective ??= options.Regularization.Hyperparameters;
        var objective = new CountingObjective(tensors, ofObjective);
        LoopOptions loop = options.ToLoop(trainingRows, ofObjective) with { CheckpointPath = null, InitialWeights = null, TimeBudget = null, Patience = null, Workers = Workers.One };
        int interval = Math.Min(loop.TuningInterval, LongestWindow);
        loop = loop with { TuningInterval = interval, Steps = (long)interval * loop.Method.MostShared };
        BatchSource training = new NoBatches(trainingRows, options.BatchSizeFor(trainingRows));
        BatchSource? validation = validationRows == 0 ? null : new NoBatches(validationRows, options.ValidationBatchSizeFor(trainingRows, validationRows));
        if (loop.Method.TakesSeveralPasses)
            new SeveralPasses<CountedVector>(objective, training, validation, loop, divide: null).Run();
        else
            new OnePassLoop<CountedVector>(objective, training, validation, loop).Run();
        if (options.RetrainOnAll && validation is not null)
        {
            new OnePassLoop<CountedVector>(objective, training, null, OnePass.ForRetraining(loop, schedule: null)).Run();
            objective.CreateLinearization(withProducts: false);
        }
        return new(objective.Vectors, objective.Linearizations, objective.Products, objective.Directions, objective.Examples);
    }

    private sealed class CountingObjective(IReadOnlyList<TensorSegment> tensors, IReadOnlyList<Hyperparameter> hyperparameters) : IObjective<CountedVector>
    {
        internal int Vectors { get; private set; }

        internal int Linearizations { get; private set; }

        internal int Products { get; private set; }

        internal int Directions { get; private set; }

        internal long Examples { get; private set; }

        public IReadOnlyList<TensorSegment> Tensors => tensors;

        public IReadOnlyList<Hyperparameter> Hyperparameters => hyperparameters;

        public CountedVector CreateVector()
        {
            Vectors++;
            return new(this, tensors.Sum(t => t.Length));
        }

        public CountedVector CreateVector(int length) => new(this, length);

        public void Initialize(CountedVector weights, int seed) { }

        public ILinearization<CountedVector> CreateLinearization(bool withProducts = true)
        {
            if (withProducts)
                Products++;
            else
                Linearizations++;
            return new NoLinearization(this);
        }

        internal void Multiply(int directions, int examples)
        {
            Directions = Math.Max(Directions, directions);
            Examples = Math.Max(Examples, (long)directions * examples);
        }
    }

    private sealed class NoBatches(int examples, int batchSize) : BatchSource
    {
        public override int ExampleCount => examples;

        public override int BatchSize => batchSize;

        public override Batch BatchAt(long number) => new NoBatch(batchSize);
    }

    private sealed class NoBatch(int count) : Batch
    {
        public override int Count => count;
    }

    private sealed class NoLinearization(CountingObjective objective) : ILinearization<CountedVector>
    {
        private int _examples;

        public double Loss(CountedVector weights, Batch batch) => 0;

        public double Gradient(CountedVector weights, Batch batch, CountedVector gradient)
        {
            _examples = batch.Count;
            return 0;
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<CountedVector> directions, ReadOnlySpan<CountedVector> products, BatchPart part) =>
            objective.Multiply(directions.Length, (_examples + part.Count - 1) / part.Count);

        public void AddHypergradients(double factor, CountedVector adjoint) => objective.Multiply(1, _examples);

        public void GradientTangent(HyperparameterValue<CountedVector> value, int index, CountedVector tangent) => objective.Multiply(1, _examples);
    }

    /// <summary>A vector without elements.</summary>
    private sealed class CountedVector(CountingObjective objective, int length) : IVector<CountedVector>
    {
        public int Length => length;

        public CountedVector CreateZero() => objective.CreateVector();

        public void CopyFrom(CountedVector source) { }

        public void CopyFrom(CountedVector source, int start, int length) { }

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

        public bool IsFinite(int start, int length) => true;

        public void CopyTo(Span<double> destination) { }

        public void CopyFrom(ReadOnlySpan<double> source) { }
    }
}
