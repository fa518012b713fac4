namespace MLNetHyper.Torch.Tests;

/// <summary>A readout in closed form as the validation loss: the form itself, its derivatives, and what it is good for.</summary>
[TestClass]
public sealed class RidgeReadoutTests
{
    [TestMethod]
    public void Readout_of_one_feature_is_the_regression_line_with_a_penalty_on_its_slope()
    {
        using Data data = new(features: 1);
        using var source = data.Labeled();
        using nn.Module<Tensor, Tensor> identity = nn.Identity();
        double[] x = data.X.data<double>().ToArray(), y = data.Y.data<double>().ToArray();
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / (x.Sum(a => (a - meanX) * (a - meanX)) + 0.3);
        using Tensor points = tensor([0.0, 1.0], [2, 1]), predicted = new RidgeReadout(source, (module, inputs) => module.call(inputs), penalty: 0.3).Predict(identity, points);
        Assert.AreEqual(meanY - (slope * meanX), predicted[0, 0].ToDouble(), 1e-13);
        Assert.AreEqual(slope, (predicted[1, 0] - predicted[0, 0]).ToDouble(), 1e-13);
    }

    [TestMethod]
    public void Readout_is_where_the_penalized_squares_are_least()
    {
        using Data data = new();
        using var source = data.Labeled();
        using nn.Module<Tensor, Tensor> identity = nn.Identity();
        var readout = new RidgeReadout(source, (module, inputs) => module.call(inputs), penalty: 0.7);
        // Its coefficients, from its predictions at zero and at the unit vectors.
        using Tensor points = cat([zeros(1, 3, dtype: ScalarType.Float64), eye(3, dtype: ScalarType.Float64)]), at = readout.Predict(identity, points), b = at[0].unsqueeze(0), w = at[1..] - b;
        using Tensor residuals = data.X.matmul(w) + b - data.Y, slope = data.X.t().matmul(residuals) + (0.7 * w), constant = residuals.sum(0);
        Assert.AreEqual(0, slope.abs().max().ToDouble(), 1e-13);
        Assert.AreEqual(0, constant.abs().max().ToDouble(), 1e-13, "the constant has no penalty");
        Assert.IsGreaterThan(0.01, w.abs().max().ToDouble());
    }

    [TestMethod]
    public void Gradient_of_the_validation_loss_goes_through_the_solution()
    {
        using Data data = new();
        using var source = data.Labeled();
        using var held = new TensorBatchSource(data.HeldX, data.HeldY, 6, null, isForTraining: false);
        using TorchObjective objective = Objective(new RidgeReadout(source, Hidden));
        ILinearization<TorchVector> validation = objective.CreateValidation([]);
        TorchVector weights = objective.CreateVector(), gradient = objective.CreateVector();
        objective.Initialize(weights, 1);
        double[] start = weights.ToArray(), along = Finite.Random(weights.Length, 4);
        double loss = validation.Gradient(weights, held.BatchAt(0), gradient);
        Assert.AreEqual(loss, validation.Loss(weights, held.BatchAt(0)), 1e-15);
        double[] g = gradient.ToArray();
        Assert.AreEqual((At(1e-5) - At(-1e-5)) / 2e-5, g.Zip(along, (a, d) => a * d).Sum(), 1e-8 * Finite.Norm(g));
        foreach (TensorSegment tensor in objective.Tensors)
            Assert.AreEqual(tensor.Name.StartsWith("out", StringComparison.Ordinal), g.AsSpan(tensor.Start, tensor.Length).IndexOfAnyExcept(0) < 0, $"{tensor.Name}: the readout takes the place of the last layer");

        double At(double t)
        {
            weights.CopyFrom([.. start.Zip(along, (w, d) => w + (t * d))]);
            return validation.Loss(weights, held.BatchAt(0));
        }
    }

    [TestMethod]
    public void Hypergradients_are_those_of_the_readouts_loss()
    {
        // One step, and the learning rate's hypergradient after it, which the series' first term has exactly.
        double At(double learningRate, out double hypergradient)
        {
            using Data data = new();
            using TensorBatchSource source = data.Labeled(), training = data.Labeled(), held = new(data.HeldX, data.HeldY, 6, null, 2, isForTraining: false);
            using TorchObjective objective = Objective(new RidgeReadout(source, Hidden));
            var rule = new SgdUpdate();
            var options = new LoopOptions { Rule = rule, Method = new Neumann(1), TuningInterval = 1, Steps = 1, Hyperparameters = [.. rule.Hyperparameters.Select(h => h with { Initial = h.Name == "lr" ? learningRate : h.Initial, Tuned = h.Name == "lr" })] };
            LoopResult<TorchVector> result = new OnePassLoop<TorchVector>(objective, training, held, options).Run();
            hypergradient = result.Trajectory.HypergradientNorms("lr")[0];
            return result.Trajectory.ValidationLosses[0];
        }
        double step = 1e-4;
        double expected = (At(0.1 * Math.Pow(10, step), out _) - At(0.1 * Math.Pow(10, -step), out _)) / (2 * step);
        At(0.1, out double actual);
        Assert.AreEqual(Math.Abs(expected), actual, 1e-6 * Math.Abs(expected));
    }

    [TestMethod]
    public void A_representation_without_labels_trains_and_a_readout_judges_it()
    {
        using Data data = new();
        using TensorBatchSource source = new(data.X.@float(), data.Y.@float(), 8, 1);
        var readout = new RidgeReadout(source, (module, inputs) => ((TorchSharp.Modules.Sequential)module)[0].call(inputs));
        TorchResult Train() => TorchOnePass.Train(
            () => nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 3)), (output, _) => (output - data.X.@float()[..8]).square().mean(), (data.X.@float(), data.Y.@float()), (data.HeldX.@float(), data.HeldY.@float()),
            new() { Steps = 60, Rule = new MixtureUpdate() }, validationLoss: readout);
        using TorchResult first = Train(), second = Train();
        Assert.AreEqual(TrainingStatus.Completed, first.Status);
        Assert.AreEqual(first.BestValidationLoss, second.BestValidationLoss);
        using Tensor predicted = readout.Predict(first.Module, data.HeldX.@float());
        Assert.AreEqual((predicted - data.HeldY.@float()).square().mean().ToDouble(), first.BestValidationLoss, 1e-5 * first.BestValidationLoss);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_and_what_diverges_is_no_exception()
    {
        using Data data = new();
        using var source = data.Labeled();
        using nn.Module<Tensor, Tensor> identity = nn.Identity();
        foreach (double penalty in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RidgeReadout(source, Hidden, penalty: penalty));
        var flat = new RidgeReadout(source, (module, inputs) => inputs.reshape(-1));
        Assert.Contains("Flatten them", Assert.ThrowsExactly<InvalidOperationException>(() => flat.Predict(identity, data.HeldX)).Message);
        foreach (double scale in new[] { 0, double.NaN, double.PositiveInfinity })
        {
            var lost = new RidgeReadout(source, (module, inputs) => inputs * scale);
            using Tensor predicted = lost.Predict(identity, data.HeldX);
            Assert.AreEqual(scale == 0, isfinite(predicted).all().ToBoolean());
        }
    }

    private static Tensor Hidden(nn.Module<Tensor, Tensor> module, Tensor inputs) => ((TorchSharp.Modules.Sequential)module)[0].call(inputs).tanh();

    private static TorchObjective Objective(ModuleValidation validation) =>
        new(() => nn.Sequential(("in", nn.Linear(3, 4)), ("tanh", nn.Tanh()), ("out", nn.Linear(4, 1))), (output, target) => (output - target).square().mean(), type: ScalarType.Float64, validation: validation);

    /// <summary>Eight examples with labels and six to validate on.</summary>
    private sealed class Data : IDisposable
    {
        private readonly DisposeScope _scope;

        internal Data(int features = 3)
        {
            TorchRuntime.Require(null);
            _scope = NewDisposeScope();
            X = tensor(Finite.Random(8 * features, 1), [8, features], dtype: ScalarType.Float64);
            Y = tensor(Finite.Random(8, 2), [8, 1], dtype: ScalarType.Float64);
            HeldX = tensor(Finite.Random(6 * features, 3), [6, features], dtype: ScalarType.Float64);
            HeldY = tensor(Finite.Random(6, 4), [6, 1], dtype: ScalarType.Float64);
        }

        internal Tensor X { get; }

        internal Tensor Y { get; }

        internal Tensor HeldX { get; }

        internal Tensor HeldY { get; }

        internal TensorBatchSource Labeled() => new(X, Y, 8, null, 11);

        public void Dispose() => _scope.Dispose();
    }
}
