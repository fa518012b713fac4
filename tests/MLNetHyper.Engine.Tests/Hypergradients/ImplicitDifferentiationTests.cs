namespace MLNetHyper.Engine.Tests;

/// <summary>On ridge regression, where the optimum and its derivative have closed forms.</summary>
[TestClass]
public sealed class ImplicitDifferentiationTests
{
    private const double WeightDecay = 0.05;
    private const double LearningRate = 0.5;
    private static readonly double _chain = Math.Log(10) * WeightDecay;

    [TestMethod]
    public void Neumann_series_decays_towards_the_closed_form_at_its_rate()
    {
        Ridge ridge = new();
        double exact = ridge.Exact().Sum();
        double smallest = ridge.SmallestEigenvalue();
        double previous = Math.Abs(exact);
        foreach (int products in new[] { 0, 50, 100, 200, 400 })
        {
            double error = Math.Abs(ridge.Estimate(new ImplicitDifferentiation(new NeumannInverse(products)))[0] - exact);
            double bound = ridge.ErrorBound() * Math.Pow(1 - (LearningRate * smallest), products + 1);
            Assert.IsLessThanOrEqualTo(bound + 1e-12, error, $"{products} products");
            Assert.IsLessThanOrEqualTo(previous + 1e-12, error, $"{products} products");
            previous = error;
        }
        Numbers.AreClose(exact, ridge.Estimate(new ImplicitDifferentiation(new NeumannInverse(1000)))[0], 1e-8, floor: 0);
    }

    [TestMethod]
    public void Conjugate_gradients_are_exact_in_as_many_steps_as_weights()
    {
        Ridge ridge = new();
        double[] actual = ridge.Estimate(new ImplicitDifferentiation(new ConjugateGradientInverse(ridge.Length)));
        Numbers.AreClose(ridge.Exact().Sum(), actual[0], 1e-9, floor: 0);
        // More steps than needed must not spoil it.
        actual = ridge.Estimate(new ImplicitDifferentiation(new ConjugateGradientInverse(10 * ridge.Length)));
        Numbers.AreClose(ridge.Exact().Sum(), actual[0], 1e-9, floor: 0);
    }

    [TestMethod]
    public void All_are_the_derivative_of_retraining_to_convergence()
    {
        Ridge ridge = new();
        double expected = Numbers.Derivative(t => ridge.Problem.ValidationLoss(ridge.Optimum(Math.Pow(10, Math.Log10(WeightDecay) + t)).ToVector()));
        Numbers.AreClose(expected, ridge.Exact().Sum(), 1e-8, floor: 0);
        Numbers.AreClose(expected, ridge.Estimate(new ImplicitDifferentiation(new NeumannInverse(1000)))[0], 1e-7, floor: 0);
        Numbers.AreClose(expected, ridge.Estimate(new ImplicitDifferentiation(new ConjugateGradientInverse(20)))[0], 1e-7, floor: 0);
        Numbers.AreClose(expected, ridge.Estimate(Nystrom(1000, 1e-8))[0], 1e-6, floor: 0);
    }

    [TestMethod]
    [DataRow("implicit")]
    [DataRow("implicit-cg")]
    [DataRow("implicit-nystrom")]
    public void Gradients_per_weight_are_the_closed_form_and_sum_to_those_per_tensor_and_in_all(string name)
    {
        Ridge ridge = new();
        // Of a low-rank inverse damping is a part.
        double damping = name == "implicit-nystrom" ? 0.01 : 0;
        HypergradientMethod method = HypergradientMethods.Create(name, lookBack: 1000);
        double[] perWeight = ridge.Estimate(method, Granularity.PerWeight), perTensor = ridge.Estimate(method, Granularity.PerTensor);
        Numbers.AreClose(ridge.Exact(damping), perWeight, 1e-8);
        int half = ridge.Length / 2;
        Numbers.AreClose([perWeight[..half].Sum(), perWeight[half..].Sum()], perTensor, 1e-10);
        Numbers.AreClose(perWeight.Sum(), ridge.Estimate(method)[0], 1e-10, floor: 0);
    }

    [TestMethod]
    public void Damping_adds_to_the_diagonal()
    {
        Ridge ridge = new();
        const double damping = 0.3;
        double expected = ridge.Exact(damping).Sum();
        Numbers.AreClose(expected, ridge.Estimate(new ImplicitDifferentiation(new NeumannInverse(1000, damping)))[0], 1e-8, floor: 0);
        Numbers.AreClose(expected, ridge.Estimate(new ImplicitDifferentiation(new ConjugateGradientInverse(50, damping)))[0], 1e-8, floor: 0);
    }

    [TestMethod]
    public void All_columns_are_the_damped_inverse_and_fewer_come_near_it_by_woodburys_identity()
    {
        Ridge ridge = new();
        foreach (double damping in (double[])[0.01, 0.3])
        {
            Numbers.AreClose(ridge.Exact(damping), ridge.Estimate(Nystrom(ridge.Length, damping), Granularity.PerWeight), 1e-9);
            Numbers.AreClose(ridge.Exact(damping), ridge.Estimate(Nystrom(1000, damping), Granularity.PerWeight), 1e-9);
        }
        // Of each number of columns: the matrix that they stand for, inverted by elimination.
        for (int k = 1; k < ridge.Length; k++)
        {
            double[] actual = ridge.Estimate(Nystrom(k, 0.1), Granularity.PerWeight);
            Assert.IsTrue(ridge.Subsets(k).Any(columns => ridge.LowRank(columns, 0.1).Zip(actual, (a, b) => Math.Abs(a - b)).Max() < 1e-9 * actual.Max(Math.Abs)), $"{k} columns");
        }
    }

    [TestMethod]
    public void Columns_of_zeros_count_as_damping_alone()
    {
        var p = new Problem(QuadraticObjective.Diagonal([2, 0, 0], [1, 1, 1], Problem.Examples));
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = [.. Rules.Tuned(rule, names: ["wd"]).Select(h => h.Name == "wd" ? h with { Initial = 1e-9 } : h)];
        double h = Estimates.Of(p, rule, Nystrom(3, 0.5), definitions, 3)["wd"][0];
        Simulation simulation = new Simulation(p, rule, definitions).Run(3);
        DenseVector<double> v = p.ValidationGradient(simulation.Weights), w = simulation.Weights;
        double expected = -Math.Log(10) * 1e-9 * ((v.Span[0] * w.Span[0] / 2.5) + (((v.Span[1] * w.Span[1]) + (v.Span[2] * w.Span[2])) / 0.5));
        Numbers.AreClose(expected, h, 1e-6, floor: 0);
    }

    [TestMethod]
    public void Kept_columns_cost_no_products()
    {
        double each = Work(refresh: 1), kept = Work(refresh: 5);
        // Ten hyperparameter steps, whose three columns cost two gradients each, and one for the point where they are taken.
        Assert.AreEqual(8 * ((3 * 2) + 1), each - kept, 1e-9);

        static double Work(int refresh) =>
            Loops.Run(Zoo.Create("ridge", Problem.TrainingExamples), Methods.Options("implicit-nystrom", "sgd") with { Method = new ImplicitDifferentiation(new NystromInverse(3, refresh: refresh)), Steps = 50 }).GradientEvaluations;
    }

    [TestMethod]
    public void Without_products_the_inverse_is_the_identity_times_the_learning_rate_or_the_identity()
    {
        Ridge ridge = new();
        double identity = -_chain * ridge.Problem.ValidationGradient(ridge.Start).Dot(ridge.Start);
        Numbers.AreClose(LearningRate * identity, ridge.Estimate(new ImplicitDifferentiation(new NeumannInverse(0)))[0], 1e-9, floor: 0);
        Numbers.AreClose(identity, ridge.Estimate(new ImplicitDifferentiation(new ConjugateGradientInverse(0)))[0], 1e-9, floor: 0);
    }

    [TestMethod]
    public void Negative_curvature_at_the_start_falls_back_to_the_plain_direction()
    {
        var p = new Problem(QuadraticObjective.Diagonal([-1, -1], [0, 0], Problem.Examples));
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = Rules.Tuned(rule, names: ["wd"]);
        double[] h = Estimates.Of(p, rule, new ImplicitDifferentiation(new ConjugateGradientInverse(5)), definitions, 3)["wd"];
        Simulation simulation = new Simulation(p, rule, definitions).Run(3);
        double identity = -Math.Log(10) * 0.02 * p.ValidationGradient(simulation.Weights).Dot(simulation.Weights);
        Numbers.AreClose(identity, h[0], 1e-10, floor: 0);
    }

    [TestMethod]
    public void Negative_curvature_met_later_keeps_the_solution_so_far()
    {
        // The first direction has positive curvature, the second negative: one step of conjugate gradients remains.
        var p = new Problem(QuadraticObjective.Diagonal([4, -0.5], [1, 0.2], Problem.Examples));
        var rule = new SgdUpdate();
        Hyperparameter[] definitions = Rules.Tuned(rule, names: ["wd"]);
        double one = Estimates.Of(p, rule, new ImplicitDifferentiation(new ConjugateGradientInverse(1)), definitions, 3)["wd"][0];
        double many = Estimates.Of(p, rule, new ImplicitDifferentiation(new ConjugateGradientInverse(9)), definitions, 3)["wd"][0];
        Assert.IsTrue(double.IsFinite(one) && one != 0);
        Assert.AreEqual(one, many);
    }

    [TestMethod]
    public void A_zero_validation_gradient_gives_a_zero_hypergradient()
    {
        var p = new Problem(QuadraticObjective.Diagonal([1, 1], [0, 0], Problem.Examples));
        var loop = new OnePassLoop<DenseVector<double>>(p.Objective, p.Training, p.Validation, new LoopOptions
        {
            Method = new ImplicitDifferentiation(new ConjugateGradientInverse(5)),
            Hyperparameters = Rules.Tuned(new SgdUpdate(), names: ["wd"]),
            InitialWeights = [0, 0],
            Steps = 4,
            TuningInterval = 2,
        });
        loop.Run();
        Assert.AreEqual(0, loop.Hyperparameters["wd"].Hypergradient()[0]);
    }

    [TestMethod]
    public void Settings_have_bounds()
    {
        foreach (int products in (int[])[-1, 1001])
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NeumannInverse(products));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConjugateGradientInverse(products));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NystromInverse(products));
        }
        foreach (double damping in (double[])[-0.1, double.NaN, double.PositiveInfinity])
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NeumannInverse(damping: damping));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConjugateGradientInverse(damping: damping));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NystromInverse(damping: damping));
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NystromInverse(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NystromInverse(damping: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NystromInverse(refresh: 0));
    }

    private static ImplicitDifferentiation Nystrom(int columns, double damping) => new(new NystromInverse(columns, damping));

    /// <summary>Ridge regression on one full batch, started at its optimum, so that the loop stays there.</summary>
    private sealed class Ridge
    {
        private readonly double[,] _hessian;
        private readonly double[] _right;

        internal Ridge()
        {
            Problem = Zoo.Create("ridge", Problem.TrainingExamples);
            DenseVector<double> zero = Problem.Objective.CreateVector(), gradient = Problem.Objective.CreateVector();
            _hessian = Problem.CurvatureMatrix(zero, Problem.Training.BatchAt(0));
            Problem.Objective.CreateLinearization().Gradient(zero, Problem.Training.BatchAt(0), gradient);
            _right = [.. gradient.ToArray().Select(g => -g)];
            Start = Optimum(WeightDecay).ToVector();
        }

        internal Problem Problem { get; }

        internal DenseVector<double> Start { get; }

        internal int Length => _right.Length;

        internal double[] Optimum(double weightDecay) => Matrices.Solve(_hessian, weightDecay, _right);

        /// <summary>dL_V/dξᵢ times the chain factor: -(H+ξ)⁻¹v ∘ w at the optimum.</summary>
        internal double[] Exact(double damping = 0)
        {
            double[] q = Matrices.Solve(_hessian, WeightDecay + damping, Problem.ValidationGradient(Start).ToArray());
            return [.. q.Select((x, i) => -_chain * x * Start.Span[i])];
        }

        internal IEnumerable<int[]> Subsets(int k) =>
            Enumerable.Range(0, 1 << Length).Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) == k).Select(bits => Enumerable.Range(0, Length).Where(i => (bits >> i & 1) == 1).ToArray());

        /// <summary>The same with <c>C M⁻¹ Cᵀ</c> of some columns in place of H+ξ.</summary>
        internal double[] LowRank(int[] columns, double damping)
        {
            double Full(int i, int j) => _hessian[i, j] + (i == j ? WeightDecay : 0);
            double[,] own = new double[columns.Length, columns.Length], all = new double[Length, Length];
            for (int i = 0; i < columns.Length; i++)
            {
                for (int j = 0; j < columns.Length; j++)
                    own[i, j] = Full(columns[i], columns[j]);
            }
            for (int j = 0; j < Length; j++)
            {
                double[] x = Matrices.Solve(own, 0, [.. columns.Select(c => Full(c, j))]);
                for (int i = 0; i < Length; i++)
                    all[i, j] = columns.Select((c, k) => Full(i, c) * x[k]).Sum();
            }
            double[] q = Matrices.Solve(all, damping, Problem.ValidationGradient(Start).ToArray());
            return [.. q.Select((x, i) => -_chain * x * Start.Span[i])];
        }

        internal double SmallestEigenvalue() => WeightDecay + Matrices.SmallestEigenvalue(_hessian);

        /// <summary>‖w‖‖(H+ξ)⁻¹v‖: what the error's rate is multiplied with.</summary>
        internal double ErrorBound()
        {
            double[] q = Matrices.Solve(_hessian, WeightDecay, Problem.ValidationGradient(Start).ToArray());
            return _chain * Math.Sqrt(q.Sum(x => x * x) * Start.Dot(Start));
        }

        internal double[] Estimate(HypergradientMethod method, Granularity granularity = Granularity.Scalar)
        {
            var rule = new SgdUpdate();
            var loop = new OnePassLoop<DenseVector<double>>(Problem.Objective, Problem.Training, Problem.Validation, new LoopOptions
            {
                Rule = rule,
                Method = method,
                Hyperparameters =
                [
                    rule.Hyperparameters[0] with { Initial = LearningRate },
                    rule.Hyperparameters[1] with { Initial = WeightDecay, Tuned = true, Granularity = granularity },
                    rule.Hyperparameters[2] with { Initial = 0 },
                ],
                InitialWeights = Start.ToArray(),
                Steps = 1,
                TuningInterval = 1,
            });
            loop.Run();
            return loop.Hyperparameters["wd"].Hypergradient();
        }
    }
}
