using static MLNetHyper.Engine.Tests.NetworkTestData;

namespace MLNetHyper.Engine.Tests;

/// <summary>Label smoothing and input noise of the managed network: their losses, and the derivatives of gradients by them.</summary>
[TestClass]
public sealed class RegularizationTests
{
    private static readonly Regularization _both = new() { LabelSmoothing = 0.1, InputNoise = 0.3 };
    private static readonly int[][] _hidden = [[], [3], [17, 5], [65]];

    [TestMethod]
    public void Tangents_are_the_gradients_differences_for_every_shape_and_engine()
    {
        int seed = 1;
        foreach (int[] hidden in _hidden)
        {
            foreach (int inputs in (int[])[1, 3, 8, 17, 70])
            {
                foreach (Loss loss in Enum.GetValues<Loss>())
                {
                    Architecture shape = Shape(inputs, hidden, (Activation)(seed % 4), loss);
                    foreach ((Kernels<double> kernels, bool rows) in Engines)
                        CheckTangents(shape, kernels, rows, count: 1 + (seed * 7 % 60), seed);
                    seed++;
                }
            }
        }
    }

    [TestMethod]
    public void Smoothed_losses_are_mixtures_of_those_of_all_classes()
    {
        foreach (Loss loss in (Loss[])[Loss.Logistic, Loss.SoftmaxCrossEntropy])
        {
            Architecture shape = Shape(4, [6], Activation.Tanh, loss);
            Examples<double> examples = Draw(shape, 31, 2, weighted: true);
            const double share = 0.2;
            Point point = new(shape, new() { LabelSmoothing = share }, examples);
            int classes = Math.Max(2, shape.Outputs);
            double expected = (1 - share) * new Point(shape, null, examples).Loss;
            for (int c = 0; c < classes; c++)
            {
                double[] targets = [.. examples.Targets.Select(_ => (double)c)];
                expected += share / classes * new Point(shape, null, new(examples.Features, shape.Inputs, targets, examples.Weights)).Loss;
            }
            Assert.AreEqual(expected, point.Loss, 1e-12);
        }
    }

    [TestMethod]
    public void Label_smoothing_has_its_closed_form()
    {
        // The mean of Σ (y - 1/K) times the tangents of the outputs along the adjoint, here finite differences.
        Architecture shape = Shape(4, [6, 3], Activation.Gelu, Loss.SoftmaxCrossEntropy);
        Examples<double> examples = Draw(shape, 23, 2);
        Point point = new(shape, new() { LabelSmoothing = 0.1 }, examples);
        double[] q = Normal(new Random(3), point.Weights.Length);
        const double step = 1e-6;
        double[] plus = point.Outputs(1 * step, q), minus = point.Outputs(-step, q);
        double expected = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            for (int c = 0; c < shape.Outputs; c++)
                expected += ((examples.Targets[i] == c ? 1 : 0) - (1.0 / shape.Outputs)) * (plus[(i * shape.Outputs) + c] - minus[(i * shape.Outputs) + c]) / (2 * step) / examples.Count;
        }
        Assert.AreEqual(expected, point.Hypergradient("smoothing", q), 1e-8);
    }

    [TestMethod]
    public void Noise_is_normal_and_the_steps_own()
    {
        // A linear network with the weights 1, 0, 0, …: its outputs are the first features, noise and all.
        Architecture shape = Shape(3, [], Activation.Identity);
        var examples = new Examples<double>(new double[3 * 4000], 3, new double[4000]);
        foreach ((Kernels<double> kernels, bool rows) in Engines)
        {
            var objective = new NetworkObjective<double>(shape, 1, kernels, rows, new() { InputNoise = 0.5 });
            HyperparameterSet<DenseVector<double>> values = HyperparametersOf(objective);
            BatchSource source = objective.CreateBatchSource(examples, 4000, 1, 2);
            ILinearization<DenseVector<double>> training = objective.CreateTraining(values.OfObjective, withProducts: true);
            DenseVector<double> weights = Vector<double>([1, 0, 0, 0]), gradient = objective.CreateVector(), again = objective.CreateVector();
            double loss = training.Gradient(weights, source.BatchAt(0), gradient);
            Assert.AreEqual(0.25, loss, 0.02, "the mean square is the variance");
            Assert.AreEqual(0, gradient.Span[3], 0.05, "the mean is zero");
            Assert.AreEqual(0, gradient.Span[1], 0.03, "columns do not depend on each other");
            double other = training.Gradient(weights, source.BatchAt(1), again);
            Assert.AreNotEqual(loss, other, "every step draws anew");
            Assert.AreEqual(loss, training.Gradient(weights, source.BatchAt(0), again), "and draws the same again");
            CollectionAssert.AreEqual(Values(gradient), Values(again));
            Assert.AreEqual(loss, training.Loss(weights, source.BatchAt(0)));
            Assert.AreEqual(0.0, objective.CreateLinearization().Loss(weights, source.BatchAt(0)));
            Assert.AreEqual(0.0, ((IObjective<DenseVector<double>>)objective).CreateValidation(values.OfObjective).Loss(weights, source.BatchAt(0)));
        }
    }

    [TestMethod]
    public void A_loss_between_a_gradient_and_its_tangents_changes_nothing()
    {
        Architecture shape = Shape(5, [4], Activation.Tanh, Loss.Logistic);
        var objective = new NetworkObjective<double>(shape, 1, _both);
        HyperparameterSet<DenseVector<double>> values = HyperparametersOf(objective);
        BatchSource source = objective.CreateBatchSource(Draw(shape, 40, 3), 10, 1, 4);
        ILinearization<DenseVector<double>> training = objective.CreateTraining(values.OfObjective, withProducts: true);
        DenseVector<double> weights = objective.CreateVector(), before = objective.CreateVector(), after = objective.CreateVector();
        objective.Initialize(weights, 1);
        training.Gradient(weights, source.BatchAt(0), before);
        training.GradientTangent(values["noise"], 0, before);
        training.Loss(weights, source.BatchAt(1));
        training.GradientTangent(values["noise"], 0, after);
        CollectionAssert.AreEqual(Values(before), Values(after));
    }

    [TestMethod]
    public void Threads_change_no_bit()
    {
        Architecture shape = Shape(9, [64, 64], Activation.Relu, Loss.SoftmaxCrossEntropy);
        Examples<float> examples = Single(Draw(shape, 4000, 3));
        float[][] tangents = [.. new[] { 1, 3 }.Select(threads =>
        {
            var objective = new NetworkObjective<float>(shape, threads, _both);
            var values = new HyperparameterSet<DenseVector<float>>(objective.Hyperparameters, objective.Tensors, objective.CreateVector(), null, 2, objective.CreateVector);
            ILinearization<DenseVector<float>> training = objective.CreateTraining(values.OfObjective, withProducts: true);
            DenseVector<float> weights = objective.CreateVector(), tangent = objective.CreateVector();
            objective.Initialize(weights, 1);
            training.Gradient(weights, objective.CreateBatchSource(examples, 4000, 1, 1).BatchAt(0), tangent);
            training.GradientTangent(values["noise"], 0, tangent);
            return tangent.Span.ToArray();
        })];
        CollectionAssert.AreEqual(tangents[0], tangents[1]);
    }

    [TestMethod]
    public void What_cannot_be_is_refused()
    {
        Assert.Contains("squared error", Assert.ThrowsExactly<ArgumentException>(() => new NetworkObjective<float>(Shape(2, []), 1, _both)).Message);
        foreach (double bad in (double[])[1.5, -1, double.NaN])
            Assert.Contains("'smoothing'", Assert.ThrowsExactly<ArgumentException>(() => new NetworkObjective<float>(Shape(2, [], loss: Loss.Logistic), 1, new() { LabelSmoothing = bad })).Message);
        foreach (double bad in (double[])[-1, double.NaN, double.PositiveInfinity])
            Assert.Contains("'noise'", Assert.ThrowsExactly<ArgumentException>(() => new NetworkObjective<float>(Shape(2, []), 1, new() { InputNoise = bad })).Message);
    }

    private static void CheckTangents(Architecture shape, Kernels<double> kernels, bool rows, int count, int seed)
    {
        Regularization regularization = shape.Loss == Loss.SquaredError ? _both with { LabelSmoothing = null } : _both;
        Point point = new(shape, regularization, Draw(shape, count, seed, weighted: seed % 2 == 0), kernels, rows);
        foreach (HyperparameterValue<DenseVector<double>> value in point.HyperparameterValues)
        {
            // A step this small crosses no kink of a rectifier.
            double real = value.Mean, step = 1e-6 * real;
            double[] plus = point.GradientWith(value, real + step), minus = point.GradientWith(value, real - step);
            double[] expected = [.. plus.Zip(minus, (a, b) => (a - b) / (2 * step))];
            string what = $"{value.Definition.Name} {shape.Inputs}-{string.Join('-', shape.Hidden)} {shape.Activation} {shape.Loss} n={count} bits={kernels.Bits} rows={rows}";
            double[] actual = point.Tangent(value.Definition.Name);
            AssertClose(expected, actual, 1e-6, what);
            double[] q = Normal(new Random(seed), expected.Length);
            Assert.AreEqual(Dot(actual, q), point.Hypergradient(value.Definition.Name, q), 1e-12 * (1 + Math.Abs(Dot(actual, q))), what);
        }
    }

    private static HyperparameterSet<DenseVector<double>> HyperparametersOf(NetworkObjective<double> objective) =>
        new([.. objective.Hyperparameters.Select(h => h with { Tuned = true })], objective.Tensors, objective.CreateVector(), null, objective.Hyperparameters.Count, objective.CreateVector);

    /// <summary>A network's training loss at random weights.</summary>
    private sealed class Point
    {
        private readonly NetworkObjective<double> _objective;
        private readonly ILinearization<DenseVector<double>> _training;
        private readonly Batch _batch;
        private readonly double[] _features;

        internal Point(Architecture shape, Regularization? regularization, Examples<double> examples, Kernels<double>? kernels = null, bool? rows = null)
        {
            _objective = new(shape, 1, kernels, rows, regularization);
            HyperparameterValues = HyperparametersOf(_objective);
            _training = _objective.CreateTraining(HyperparameterValues.OfObjective, withProducts: true);
            _batch = Whole(_objective, examples);
            _features = examples.Features;
            Weights = _objective.CreateVector();
            _objective.Initialize(Weights, 3);
        }

        internal HyperparameterSet<DenseVector<double>> HyperparameterValues { get; }

        internal DenseVector<double> Weights { get; }

        internal double Loss => _training.Loss(Weights, _batch);

        internal double[] GradientWith(HyperparameterValue<DenseVector<double>> value, double real)
        {
            double[] raw = value.Raw();
            value.SetRaw(value.Definition.Transform.ToRaw(real));
            DenseVector<double> gradient = _objective.CreateVector();
            _training.Gradient(Weights, _batch, gradient);
            value.SetRaw(raw);
            return Values(gradient);
        }

        internal double[] Tangent(string name)
        {
            DenseVector<double> tangent = _objective.CreateVector();
            _training.Gradient(Weights, _batch, tangent);
            _training.GradientTangent(HyperparameterValues[name], 0, tangent);
            return Values(tangent);
        }

        internal double Hypergradient(string name, double[] adjoint)
        {
            HyperparameterValues.ClearHypergradients();
            _training.Gradient(Weights, _batch, _objective.CreateVector());
            _training.AddHypergradients(1, Vector<double>(adjoint));
            return HyperparameterValues[name].Hypergradient()[0];
        }

        internal double[] Outputs(double step, double[] direction)
        {
            double[] outputs = new double[_features.Length / _objective.Architecture.Inputs * _objective.Architecture.Outputs];
            _objective.Predict(Vector<double>([.. Values(Weights).Zip(direction, (w, d) => w + (step * d))]), _features, outputs);
            return outputs;
        }
    }
}
