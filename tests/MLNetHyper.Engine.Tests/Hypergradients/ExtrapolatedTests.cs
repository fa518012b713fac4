namespace MLNetHyper.Engine.Tests;

/// <summary>The last step's derivative with the validation gradient extrapolated to where training goes.</summary>
[TestClass]
public sealed class ExtrapolatedTests
{
    private const double Lr = 0.03, Wd = 0.02, Momentum = 0.7, Beta1 = 0.8, Beta2 = 0.95;

    [TestMethod]
    [DataRow("sgd")]
    [DataRow("sgd-decoupled")]
    [DataRow("adam")]
    [DataRow("adamw")]
    public void Weight_decay_has_the_gradient_without_what_the_rule_still_descends(string name)
    {
        Problem p = Zoo.Create("log-cosh");
        UpdateRule rule = Rules.Create(name);
        const int steps = 7;
        Hyperparameter[] definitions = Rules.Tuned(rule);
        Simulation before = new Simulation(p, rule, definitions).Run(steps - 1), after = new Simulation(p, rule, definitions).Run(steps);
        double[] w = before.Weights.ToArray(), m = after.State[0].ToArray(), gradient = p.ValidationGradient(after.Weights).ToArray();
        double[] rest = name switch
        {
            "sgd" => [.. m.Select(x => (1 - Momentum) * x)],
            "sgd-decoupled" => [.. m.Zip(w, (x, y) => (1 - Momentum) * (x + (Wd * y)))],
            _ => [.. m.Select((x, i) => (x / (1 - Math.Pow(Beta1, steps))) + (name == "adam" ? 0 : Wd * w[i] * Math.Sqrt(after.State[1].ToArray()[i] / (1 - Math.Pow(Beta2, steps)))))],
        };
        Numbers.AreClose(rest, Residual(p, rule, before, after, steps), 1e-6, name);

        Dictionary<string, double[]> actual = Estimates.Of(p, rule, new Extrapolated(), definitions, steps), plain = Estimates.Of(p, rule, new AugmentedNeumann(1), definitions, steps);
        foreach (string other in plain.Keys.Where(key => key != "wd"))
            Numbers.AreClose(plain[other], actual[other], 1e-12, other);
        if (name is "sgd" or "sgd-decoupled" or "adamw")
            Numbers.AreClose(-Math.Log(10) * Wd * Lr * Dot([.. gradient.Zip(rest, (x, y) => x - y)], w), actual["wd"][0], 1e-6, floor: 1e-6);
        Assert.AreNotEqual(plain["wd"][0], actual["wd"][0]);
    }

    [TestMethod]
    [DataRow("sgd")]
    [DataRow("nesterov")]
    [DataRow("sgd-decoupled")]
    [DataRow("nesterov-decoupled")]
    public void At_the_optimum_nothing_is_left_to_extrapolate(string name)
    {
        (Problem p, Hyperparameter[] definitions) = Overfitted(name);
        UpdateRule rule = Rules.Create(name);
        double actual = Estimates.Of(p, rule, new Extrapolated(), definitions, 2000)["wd"][0];
        Numbers.AreClose(Estimates.Of(p, rule, new AugmentedNeumann(1), definitions, 2000)["wd"][0], actual, 1e-6, floor: 0);
        Assert.IsLessThan(0, actual);
    }

    /// <summary>Validation wants smaller weights than training goes to. On the way there all of the validation loss falls with growing weights, and decay seems harmful.</summary>
    [TestMethod]
    [DataRow("sgd")]
    [DataRow("nesterov-decoupled")]
    [DataRow("adamw")]
    public void Decay_is_wanted_long_before_weights_have_grown_too_large(string name)
    {
        (Problem p, Hyperparameter[] definitions) = Overfitted(name);
        UpdateRule rule = Rules.Create(name);
        for (int steps = 10; steps <= 40; steps += 10)
        {
            Assert.IsGreaterThan(0, Estimates.Of(p, rule, new AugmentedNeumann(1), definitions, steps)["wd"][0], $"{steps} steps");
            Assert.IsLessThan(0, Estimates.Of(p, rule, new Extrapolated(), definitions, steps)["wd"][0], $"{steps} steps");
        }
        if (rule is SgdUpdate)
            Assert.IsLessThan(0, Estimates.FiniteDifferences(p, rule, definitions, 2000)["wd"][0]);
    }

    [TestMethod]
    public void Where_a_rule_does_not_tell_what_is_left_it_is_the_last_step_alone()
    {
        Problem p = Zoo.Create("log-cosh");
        var rule = new DogUpdate(0.3);
        Hyperparameter[] definitions = Rules.Tuned(rule);
        Estimates.AreClose(Estimates.Of(p, rule, new AugmentedNeumann(1), definitions, 6), Estimates.Of(p, rule, new Extrapolated(), definitions, 6), 1e-12);
    }

    /// <summary>One curvature everywhere; training wants 2 of each weight, validation 1.6.</summary>
    private static (Problem, Hyperparameter[]) Overfitted(string rule)
    {
        double[][,] a = [.. Enumerable.Repeat(new double[,] { { 0.2, 0, 0 }, { 0, 0.2, 0 }, { 0, 0, 0.2 } }, 2)];
        var objective = new QuadraticObjective(a, [[2, 2, 2], [1.6, 1.6, 1.6]]);
        return (new Problem(objective, new CyclicBatches(0, 1, 1), new CyclicBatches(1, 1, 1)), [.. Rules.Tuned(Rules.Create(rule), names: ["wd"]).Select(h => h.Name == "lr" ? h with { Initial = 0.02 } : h)]);
    }

    private static double[] Residual(Problem p, UpdateRule rule, Simulation before, Simulation after, int steps)
    {
        StepRecord<DenseVector<double>> record = new(p.Objective, after.Hyperparameters, rule.StateCount, false, p.Objective.CreateVectors(StepRecord<DenseVector<double>>.ScratchCount)) { Number = steps, NextState = after.State };
        record.Weights.CopyFrom(before.Weights);
        DenseVector<double> residual = p.Objective.CreateVector();
        Assert.IsTrue(rule.TryResidual(after.Hyperparameters, record, residual));
        return residual.ToArray();
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
