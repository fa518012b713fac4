namespace MLNetHyper.Engine.Tests;

/// <summary>Hyperparameters that belong to the objective: every method tunes them beside the rule's. (<see cref="ExactMethodsTests"/> has them too.)</summary>
[TestClass]
public sealed class ObjectiveHyperparameterTests
{
    private static IEnumerable<object[]> MethodsAndRules =>
        from method in Methods.Names where Methods.Create(method).TunesObjective from rule in Rules.Names where Methods.SupportsLoss(method, rule) select new object[] { method, rule };

    [TestMethod]
    [DynamicData(nameof(MethodsAndRules))]
    public void Every_method_moves_them_and_a_resumed_run_is_the_whole_one(string method, string rule)
    {
        LoopOptions options = Options(method, rule) with { Steps = 60 };
        LoopResult<DenseVector<double>> whole = Loops.Run(Zoo.Create("scaled"), options);
        foreach (string name in (string[])["scale", "offset", "penalty"])
        {
            Assert.IsTrue(whole.Trajectory.HypergradientNorms(name).All(double.IsFinite));
            Assert.AreNotEqual(whole.Trajectory.Values(name)[0], whole.Trajectory.Values(name)[^1], $"{name} moved");
        }
        using TemporaryFolder folder = new();
        LoopOptions saved = options with { CheckpointPath = folder["run"], CheckpointInterval = TimeSpan.Zero };
        using CancellationTokenSource cancellation = new();
        Loops.Create(Zoo.Create("scaled"), saved).Run(new Callback(progress => Cancel(cancellation, progress.Step >= 30)), cancellation.Token);
        LoopResult<DenseVector<double>> resumed = Loops.Run(Zoo.Create("scaled"), saved);
        Assert.AreNotEqual(0, resumed.ResumedFrom);
        Loops.AreSame(whole, resumed);
    }

    [TestMethod]
    [DataRow("sgd")]
    [DataRow("sgd-decoupled")]
    public void At_the_optimum_implicit_differentiation_is_the_derivative_of_training_to_it(string rule)
    {
        // Decoupled decay would move the optimum, and is no part of the loss: it is next to nothing here.
        UpdateRule r = Rules.Create(rule);
        Problem p = Zoo.Create("scaled", Problem.TrainingExamples);
        IReadOnlyList<Hyperparameter> definitions = p.With([r.Hyperparameters[0] with { Initial = 0.9 }, r.Hyperparameters[1] with { Initial = rule == "sgd" ? 0.02 : 1e-9 }, r.Hyperparameters[2] with { Initial = 0.7 }]);
        const int Steps = 3000;
        Dictionary<string, double[]> expected = Estimates.FiniteDifferences(p, r, definitions, Steps);
        foreach (HypergradientMethod method in (HypergradientMethod[])[new ImplicitDifferentiation(new NeumannInverse(1000)), new ImplicitDifferentiation(new ConjugateGradientInverse(20)), new ImplicitDifferentiation(new NystromInverse(1000, damping: 1e-9)), new AugmentedNeumann(1000)])
        {
            Dictionary<string, double[]> actual = Estimates.Of(p, r, method, definitions, Steps);
            Assert.HasCount(3, actual);
            Estimates.AreClose(expected, actual, 1e-6);
        }
    }

    [TestMethod]
    public void Values_that_validation_depends_on_have_a_direct_part()
    {
        // No step has been differentiated yet where the learning rate is next to nothing: what is left is the loss's own derivative.
        Problem p = Zoo.Create("scaled");
        var rule = new SgdUpdate();
        IReadOnlyList<Hyperparameter> definitions = p.With([rule.Hyperparameters[0] with { Initial = 1e-10 }, rule.Hyperparameters[1], rule.Hyperparameters[2]]);
        Dictionary<string, double[]> actual = Estimates.Of(p, rule, new AugmentedNeumann(1), definitions, 1);
        double expected = Numbers.Derivative(t => new Simulation(p, rule, definitions).Run(1).Shift("scale", 0, t).ValidationLoss);
        Numbers.AreClose(expected, actual["scale"][0], 1e-6, floor: 0);
        Assert.AreEqual(0, actual["penalty"][0], 1e-8);
    }

    [TestMethod]
    public void A_schedule_is_refused_where_one_consists_of_several_numbers()
    {
        LoopOptions options = Options("augmented-neumann", "sgd") with { Steps = 60 };
        options = options with { Hyperparameters = [.. options.Hyperparameters!.Select(h => h.Count > 1 ? h with { Tuned = false } : h)] };
        Trajectory learned = Loops.Run(Zoo.Create("scaled"), options).Trajectory;
        LoopOptions replay = options with { Method = new Fixed(), Hyperparameters = null, Schedule = learned };
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Loops.Create(Zoo.Create("scaled"), replay));
        Assert.Contains("'offset' is to have 3", e.Message);
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        Problem p = Zoo.Create("scaled");
        LoopOptions options = Options("neumann", "sgd") with { Steps = 10 };
        IReadOnlyList<Hyperparameter> all = options.Hyperparameters!;
        Refused("does not tune hyperparameters of the loss, such as 'scale'", options with { Method = new HypergradientDescent(), Hyperparameters = [all[0], all[1] with { Tuned = false }, all[2] with { Tuned = false }, .. all.Skip(3)] });
        Refused("tunes nothing", options with { Method = new Fixed() });
        Refused("in this order; lr, wd, momentum, scale were given", options with { Hyperparameters = [.. all.Take(4)] });
        Refused("uses it as 3 numbers", options with { Hyperparameters = [.. all.Select(h => h.Name == "offset" ? h with { Count = 4 } : h)] });
        Refused("granularity scalar", options with { Hyperparameters = [.. all.Select(h => h.Name == "penalty" ? h with { Granularity = Granularity.PerTensor } : h)] });
        options.Validate(p.Objective.Hyperparameters);
        (options with { Hyperparameters = [.. all.Take(3)] }).Validate(p.Objective.Hyperparameters);
        Assert.Contains("several hyperparameters called 'lr'", Assert.ThrowsExactly<ArgumentException>(() => (options with { Hyperparameters = null }).Validate([all[0]])).Message);
        LoopOptions many = new() { Steps = 10, Method = new ForwardMode() };
        Assert.Contains("consists of 101; 100 are the most", Assert.ThrowsExactly<ArgumentException>(() => many.Validate([new("many", Transform.Identity, 0, -1, 1) { Count = 101, Tuned = true }])).Message);

        void Refused(string expected, LoopOptions refused) =>
            Assert.Contains(expected, Assert.ThrowsExactly<ArgumentException>(() => Loops.Create(p, refused)).Message);
    }

    [TestMethod]
    public void An_objective_that_does_not_differentiate_says_so()
    {
        var objective = new UndifferentiatedObjective(Zoo.Create("ridge").Objective);
        foreach (string method in (string[])["neumann", "forward"])
        {
            LoopOptions options = Methods.Options(method, "sgd") with { Steps = 10 };
            NotSupportedException e = Assert.ThrowsExactly<NotSupportedException>(() => Loops.Run(Zoo.Create("ridge"), options, objective));
            Assert.Contains("The objective has hyperparameters, but its loss", e.Message);
        }
    }

    private static LoopOptions Options(string method, string rule)
    {
        LoopOptions options = Methods.Options(method, rule);
        IEnumerable<Hyperparameter> ofRule = Rules.Create(rule).HasCoupledWeightDecay || !method.StartsWith("implicit", StringComparison.Ordinal)
            ? options.Hyperparameters!
            : options.Hyperparameters!.Select(h => h with { Tuned = false });
        return options with { Hyperparameters = Zoo.Create("scaled").With([.. ofRule]) };
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
            source.Cancel();
    }

    /// <summary>Has a hyperparameter that is to be tuned, and leaves out all that would be needed for it.</summary>
    private sealed class UndifferentiatedObjective(IObjective<DenseVector<double>> inner) : IObjective<DenseVector<double>>
    {
        public IReadOnlyList<TensorSegment> Tensors => inner.Tensors;

        public IReadOnlyList<Hyperparameter> Hyperparameters => [new("own", Transform.Identity, 0, -1, 1) { Tuned = true }];

        public DenseVector<double> CreateVector() => inner.CreateVector();

        public void Initialize(DenseVector<double> weights, int seed) => inner.Initialize(weights, seed);

        public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => inner.CreateLinearization(withProducts);
    }
}
