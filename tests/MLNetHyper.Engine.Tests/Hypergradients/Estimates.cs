namespace MLNetHyper.Engine.Tests;

/// <summary>Hypergradients as the loop computes them, and what they should be.</summary>
internal static class Estimates
{
    internal delegate void Setup(HyperparameterSet<DenseVector<double>> values);

    /// <summary>The raw hypergradients, by name, that the method finds at the end of one window of so many steps.</summary>
    internal static Dictionary<string, double[]> Of(Problem problem, UpdateRule rule, HypergradientMethod method, IReadOnlyList<Hyperparameter> definitions, int steps, Setup? setup = null, int seed = 0, double? clip = null)
    {
        var loop = new OnePassLoop<DenseVector<double>>(problem.Objective, problem.Training, problem.Validation, new LoopOptions
        {
            Rule = rule,
            Method = method,
            Hyperparameters = definitions,
            TuningInterval = steps,
            Steps = steps,
            Guard = false,
            Seed = seed,
            GradientClip = clip,
        });
        setup?.Invoke(loop.Hyperparameters);
        loop.Run();
        return loop.Hyperparameters.Where(v => v.Definition.Tuned).ToDictionary(v => v.Definition.Name, v => v.Hypergradient());
    }

    /// <summary>
    /// Finite differences of the validation loss after so many steps by every raw value, moved before the step after
    /// <paramref name="from"/> steps. What the rule holds constant stays what it was without that. Where it judges other weights, they are
    /// of the loss that is linear around these, as methods have it.
    /// </summary>
    internal static Dictionary<string, double[]> FiniteDifferences(Problem problem, UpdateRule rule, IReadOnlyList<Hyperparameter> definitions, int steps, Setup? setup = null, int from = 0, double? clip = null)
    {
        // A norm at its limit is a kink, which must not lie between the points of a difference.
        double h = clip is null ? 1e-3 : 1e-4;
        var result = new Dictionary<string, double[]>();
        Simulation unmoved = Create().Run(steps);
        DenseVector<double> gradient = unmoved.ValidationGradient();
        foreach (HyperparameterValue<DenseVector<double>> value in new Simulation(problem, rule, definitions).Hyperparameters)
        {
            string name = value.Definition.Name;
            result[name] = [.. Enumerable.Range(0, value.Count).Select(k => Numbers.Derivative(t =>
            {
                Simulation simulation = Create(unmoved.Constants).Run(from).Shift(name, k, t).Run(steps - from);
                return rule.EvaluatedState is null ? simulation.ValidationLoss : gradient.Dot(simulation.Weights) + simulation.ValidationLossAt(unmoved.Evaluated);
            }, h))];
        }
        return result;

        Simulation Create(IReadOnlyList<double[][]>? held = null)
        {
            var simulation = new Simulation(problem, rule, definitions) { GradientClip = clip, Held = held };
            setup?.Invoke(simulation.Hyperparameters);
            return simulation;
        }
    }

    internal static void AreClose(Dictionary<string, double[]> expected, Dictionary<string, double[]> actual, double tolerance)
    {
        foreach ((string name, double[] values) in actual)
            Numbers.AreClose(expected[name], values, tolerance, name);
    }

    /// <summary>Raw values that differ from weight to weight over three decades.</summary>
    internal static void Spread(HyperparameterSet<DenseVector<double>> values)
    {
        foreach (HyperparameterValue<DenseVector<double>> value in values)
        {
            if (value.Count > 1)
                value.SetRaw(value.Raw().Select((r, i) => r - (value.Definition.Transform == Transform.Log10 ? 3.0 * i / value.Count : 0.2 * i)).ToArray());
        }
    }
}
