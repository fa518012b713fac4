namespace MLNetHyper.Experiments;

/// <summary>How closely this engine followed one reference trace.</summary>
/// <param name="File">The trace's file.</param>
/// <param name="MaxRelativeDeviation">The largest relative deviation of all quantities.</param>
/// <param name="Quantities">The largest relative deviation of each quantity.</param>
public sealed record TraceDeviation(string File, double MaxRelativeDeviation, IReadOnlyDictionary<string, double> Quantities);

/// <summary>Repeats a run of the reference implementation of Clarke et al. 2022 from its trace, in float64, and compares every number.</summary>
public static class TraceVerifier
{
    /// <summary>Follows a trace.</summary>
    /// <param name="path">The trace, a JSON file.</param>
    /// <param name="dataFolder">The folder with the data sets' CSV files.</param>
    /// <exception cref="DataFormatException">The file is not a trace, or of a data set or algorithm that is not known.</exception>
    public static TraceDeviation Verify(string path, string dataFolder) =>
        Verify<DenseVector<double>>(path, dataFolder, architecture => new NetworkObjective<double>(architecture));

    /// <summary>The same on any engine.</summary>
    internal static TraceDeviation Verify<TVector>(string path, string dataFolder, Func<Architecture, INetworkObjective<TVector, double>> create)
        where TVector : class, IVector<TVector>
    {
        if (!File.Exists(path))
            throw new DataFormatException("there is no such file.", path);
        ReferenceTrace trace = ReferenceTrace.Load(path);
        TraceSetup setup = TraceSetup.Create(trace, path, dataFolder);
        Follower<TVector> follower = Follow(trace, setup, path, create);
        if (follower.Deviations.Count == 0)
            throw new DataFormatException("the trace has nothing to compare.", path);
        if (follower.Updates < trace.Updates.Count)
            throw new DataFormatException($"the trace has {trace.Updates.Count} hyperparameter steps, but a run of its {trace.Steps.Count - 1} weight steps has {follower.Updates}.", path);
        return new(path, follower.Deviations.Values.Max(), follower.Deviations);
    }

    private static Follower<TVector> Follow<TVector>(ReferenceTrace trace, TraceSetup setup, string path, Func<Architecture, INetworkObjective<TVector, double>> create)
        where TVector : class, IVector<TVector>
    {
        OnePassLoop<TVector> loop;
        Follower<TVector> follower;
        try
        {
            INetworkObjective<TVector, double> objective = create(setup.Architecture);
            BatchSource training = objective.CreateBatchSource(setup.Training, setup.BatchSize, shuffleSeed: null, retained: trace.Interval + 1);
            BatchSource validation = objective.CreateBatchSource(setup.ValidationExamples, setup.BatchSize, shuffleSeed: null, retained: 2);
            follower = new(trace, setup, objective, validation);
            loop = new(objective, training, setup.HasValidation ? validation : null, setup.Options) { Observer = follower };
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException($"the trace is of no run that can be repeated: {e.Message}", path, innerException: e);
        }
        loop.Run();
        return follower;
    }

    private sealed class Follower<TVector>(ReferenceTrace trace, TraceSetup setup, INetworkObjective<TVector, double> objective, BatchSource validation) : ILoopObserver<TVector>
        where TVector : class, IVector<TVector>
    {
        private readonly ILinearization<TVector> _linearization = objective.CreateLinearization();
        private readonly BatchSource _test = objective.CreateBatchSource(setup.Test, int.MaxValue, shuffleSeed: null, retained: 1);

        internal int Updates { get; private set; }

        internal Dictionary<string, double> Deviations { get; } = [];

        public void OnStep(long step, double trainingLoss, TVector weights)
        {
            IReadOnlyDictionary<string, double> expected = trace.Steps[(int)step];
            double test = _linearization.Loss(weights, _test.BatchAt(0));
            Compare(expected, "train", trainingLoss);
            Compare(expected, "validation", setup.HasValidation ? _linearization.Loss(weights, validation.BatchAt(step)) : trainingLoss);
            Compare(expected, "test", test);
            Compare(expected, "test_mse_original_units", test * setup.TestScale);
            if (expected.ContainsKey("test_accuracy"))
                CompareAccuracy(expected["test_accuracy"], weights);
        }

        public void OnHyperparametersMoved(HyperparameterSet<TVector> hyperparameters)
        {
            if (Updates >= trace.Updates.Count)
                return;
            IReadOnlyDictionary<string, double> expected = trace.Updates[Updates++];
            foreach (HyperparameterValue<TVector> value in hyperparameters)
            {
                if (!value.Definition.Tuned)
                    continue;
                string name = value.Definition.Name == Hyperparameter.WeightDecay ? "weight_decay" : value.Definition.Name;
                double[] raw = new double[value.Count], hypergradient = new double[value.Count];
                value.CopyRawTo(raw);
                value.CopyHypergradientTo(hypergradient);
                double mean = raw.Average();
                Compare(expected, $"{name}.hypergradient", hypergradient[0]);
                Compare(expected, $"{name}.value", raw[0]);
                Compare(expected, $"{name}.hypergradient_l2", Math.Sqrt(hypergradient.Sum(h => h * h)));
                Compare(expected, $"{name}.value_mean", mean);
                Compare(expected, $"{name}.value_std", Math.Sqrt(raw.Sum(r => (r - mean) * (r - mean)) / (raw.Length - 1)));
            }
        }

        private void CompareAccuracy(double expected, TVector weights)
        {
            double[] outputs = new double[setup.Test.Count * setup.Architecture.Outputs];
            objective.Predict(weights, setup.Test.Features, outputs);
            int correct = 0;
            for (int i = 0; i < setup.Test.Count; i++)
            {
                ReadOnlySpan<double> logits = outputs.AsSpan(i * setup.Architecture.Outputs, setup.Architecture.Outputs);
                if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits) == (int)setup.Test.Targets[i])
                    correct++;
            }
            // The reference computed accuracies in float32.
            Note("test_accuracy", Math.Abs(((float)correct / setup.Test.Count) - (float)expected) < 1e-6 ? 0 : Relative(expected, (double)correct / setup.Test.Count));
        }

        private void Compare(IReadOnlyDictionary<string, double> expected, string name, double actual)
        {
            if (expected.TryGetValue(name, out double value))
                Note(name, Relative(value, actual));
        }

        private void Note(string name, double deviation) =>
            Deviations[name] = Deviations.TryGetValue(name, out double old) ? Math.Max(old, deviation) : deviation;

        // NaN must show as the worst deviation, not vanish in a maximum.
        private static double Relative(double expected, double actual)
        {
            double deviation = expected == actual ? 0 : Math.Abs(expected - actual) / Math.Max(Math.Abs(expected), Math.Abs(actual));
            return double.IsNaN(deviation) ? double.PositiveInfinity : deviation;
        }
    }
}
