namespace MLNetHyper.Torch.Tests;

/// <summary>
/// Linear regression with a penalty λ for each coordinate, <c>mean (y - w·x)² + Σ λⱼwⱼ²</c>, whose response is known: <c>w(λ) = (S+Λ)⁻¹c</c> with S and c the second moments of inputs, and of inputs with targets. The
/// validation targets are those of the weights at known penalties, so that these are best.
/// </summary>
[TestClass]
public sealed class RidgeTests
{
    private static readonly double[] _best = [0.5, 0.05, 0.2];
    private static readonly double[] _weights = [1, -2, 1.5];

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Learned_response_is_the_closed_form_s(bool separate)
    {
        Ridge ridge = new() { Separate = separate, Scale = 0.1, Start = 0.2 };
        (double[] weights, double[,] slope, _) = ridge.Train(tunes: false, 2000);
        double[] expected = ridge.Response([0.2, 0.2, 0.2]);
        Finite.AreClose(expected, weights, separate ? 1e-4 : 0.02, "weights");
        for (int i = 0; i < 3; i++)
        {
            // By the raw value, log10 λ, of one penalty.
            double[] plus = [0.2, 0.2, 0.2], minus = [0.2, 0.2, 0.2];
            (plus[i], minus[i]) = (0.2 * Math.Pow(10, 1e-4), 0.2 * Math.Pow(10, -1e-4));
            double[] exact = [.. ridge.Response(plus).Zip(ridge.Response(minus), (a, b) => (a - b) / 2e-4)];
            Finite.AreClose(exact, [slope[0, i], slope[1, i], slope[2, i]], 0.05, $"response to penalty {i}");
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Penalties_are_learned_that_are_best(bool separate)
    {
        Ridge ridge = new() { Separate = separate, Scale = 0.1, Start = 0.2 };
        (double[] weights, _, double[] penalties) = ridge.Train(tunes: true, 1500);
        Finite.AreClose(_best.Select(Math.Log10).ToArray(), penalties.Select(Math.Log10).ToArray(), 0.1, "penalties");
        Finite.AreClose(_weights, weights, 0.03, "weights");
    }

    private sealed class Ridge
    {
        // Many, each with penalties of its own: the noise of what is drawn falls with their number.
        private const int Count = 1000;
        private readonly double[] _x;
        private readonly double[,] _moments = new double[3, 3];

        internal Ridge()
        {
            // Centered, so that no intercept is needed.
            double[] drawn = Finite.Random(3 * Count, 7);
            _x = [.. drawn.Select((value, k) => 2 * (value - Enumerable.Range(0, Count).Average(row => drawn[(3 * row) + (k % 3)])))];
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                    _moments[i, j] = Enumerable.Range(0, Count).Average(row => _x[(3 * row) + i] * _x[(3 * row) + j]);
            }
        }

        internal bool Separate { get; init; }

        internal double Scale { get; init; }

        internal double Start { get; init; }

        /// <summary>c = (S+Λ)w of the best.</summary>
        private double[] Target => [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(j => _moments[i, j] * _weights[j]) + (_best[i] * _weights[i]))];

        internal double[] Response(double[] penalties)
        {
            double[,] matrix = (double[,])_moments.Clone();
            for (int i = 0; i < 3; i++)
                matrix[i, i] += penalties[i];
            return Solve(matrix, Target);
        }

        internal (double[] Weights, double[,] Slope, double[] Penalties) Train(bool tunes, int steps)
        {
            TorchRuntime.Require(null);
            using DisposeScope scope = NewDisposeScope();
            PenaltyStrengths strengths = new(Start);
            SelfTuningRegularizers regularizers = new(strengths) { Separate = Separate, InitialScale = Scale };
            using TorchObjective objective = new(() => new Network(regularizers, strengths), (output, target) => (output - target).square().mean(), type: ScalarType.Float64, regularizer: regularizers);
            Tensor x = tensor(_x, [Count, 3]), trained = x.matmul(tensor(Solve(_moments, Target))), held = x.matmul(tensor(_weights));
            var rule = new AdamUpdate();
            Dictionary<string, double> start = new() { ["lr"] = 0.02, ["wd"] = 1e-10 };
            LoopOptions options = new()
            {
                Rule = rule,
                Method = new SelfTuning(tunes ? 100 : int.MaxValue),
                MetaOptimizer = new AdamMetaOptimizer(0.005),
                TuningInterval = 2,
                Steps = steps,
                // An average lags behind, and tuning by its loss would overshoot.
                AveragingDecay = tunes ? 0 : 0.995,
                // Scales stay where they are: the exact response is that of a narrow neighborhood.
                Hyperparameters = [.. rule.Hyperparameters.Select(h => start.TryGetValue(h.Name, out double value) ? h with { Initial = value } : h), .. regularizers.Hyperparameters.Select(h => h with { Tuned = !h.Name.EndsWith(SelfTuningRegularizers.ScaleSuffix, StringComparison.Ordinal) })],
            };
            using TensorBatchSource training = new(x, trained, Count, null), validation = new(x, held, Count, null, 2, isForTraining: false);
            OnePassLoop<TorchVector> loop = new(objective, training, validation, options);
            double[] flat = loop.Run().FinalWeights.ToArray();
            double[] Part(string name) => objective.Tensors.Where(t => t.Name.EndsWith(name, StringComparison.Ordinal)).Select(t => flat[t.Start..(t.Start + t.Length)]).Single();
            double[] own = Part(".weight"), response = Part("response_weight"), gates = Part("weight_gates"), weights = new double[3];
            double[,] slope = new double[3, 3];
            for (int unit = 0; unit < 3; unit++)
            {
                for (int j = 0; j < 3; j++)
                {
                    weights[j] += own[(3 * unit) + j];
                    for (int i = 0; i < 3; i++)
                        slope[j, i] += gates[(3 * unit) + i] * response[(3 * unit) + j];
                }
            }
            return (weights, slope, [.. loop.Hyperparameters.OfObjective.Take(3).Select(value => value.Mean)]);
        }

        private static double[] Solve(double[,] matrix, double[] right)
        {
            // Cramer's rule.
            double whole = Determinant(matrix);
            return [.. Enumerable.Range(0, 3).Select(column =>
            {
                double[,] replaced = (double[,])matrix.Clone();
                for (int row = 0; row < 3; row++)
                    replaced[row, column] = right[row];
                return Determinant(replaced) / whole;
            })];

            static double Determinant(double[,] m) =>
                (m[0, 0] * ((m[1, 1] * m[2, 2]) - (m[1, 2] * m[2, 1]))) - (m[0, 1] * ((m[1, 0] * m[2, 2]) - (m[1, 2] * m[2, 0]))) + (m[0, 2] * ((m[1, 0] * m[2, 1]) - (m[1, 1] * m[2, 0])));
        }
    }

    /// <summary>Three numbers that the network below uses itself.</summary>
    private sealed class PenaltyStrengths(double start) : TunedRegularizer
    {
        public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [.. Enumerable.Range(0, 3).Select(i => new Hyperparameter($"penalty{i}", Transform.Log10, start, -3, 1) { Tuned = true })];

        public override Tensor Apply(Tensor input, IReadOnlyList<Tensor> values) => throw new NotSupportedException();
    }

    /// <summary>A sum of three units, so that their response to three numbers can be any matrix; penalized in its effective weights.</summary>
    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly SelfTuningRegularizers _regularizers;
        private readonly PenaltyStrengths _strengths;
        private readonly BestResponseLinear _layer;

        internal Network(SelfTuningRegularizers regularizers, PenaltyStrengths strengths) : base(nameof(Network))
        {
            (_regularizers, _strengths, _layer) = (regularizers, strengths, new(3, 3, regularizers));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            if (_regularizers.ValuesOf(_strengths) is { } values)
            {
                Tensor none = _layer.call(zeros_like(input)).sum(1);
                for (int j = 0; j < 3; j++)
                {
                    Tensor unit = zeros_like(input);
                    unit.select(1, j).fill_(1);
                    _regularizers.AddPenalty((values[j] * (_layer.call(unit).sum(1) - none).square()).mean());
                }
            }
            return _layer.call(input).sum(1).MoveToOuterDisposeScope();
        }
    }
}
