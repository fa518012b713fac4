namespace MLNetHyper.Engine.Tests;

/// <summary>Plain training step by step, without the loop: what finite differences are taken of.</summary>
internal sealed class Simulation
{
    private readonly Problem _problem;
    private readonly UpdateRule _rule;
    private readonly ILinearization<DenseVector<double>> _linearization;
    private readonly DenseVector<double> _gradient;
    private readonly DenseVector<double> _scratch;

    internal Simulation(Problem problem, UpdateRule rule, IReadOnlyList<Hyperparameter> definitions, int seed = 0)
    {
        (_problem, _rule) = (problem, rule);
        Weights = problem.Objective.CreateVector();
        problem.Objective.Initialize(Weights, seed);
        State = problem.Objective.CreateVectors(rule.StateCount);
        _gradient = Weights.CreateZero();
        _scratch = Weights.CreateZero();
        IReadOnlyList<Hyperparameter> own = problem.Objective.Hyperparameters;
        Hyperparameters = new(definitions.Count == rule.Hyperparameters.Count ? [.. definitions, .. own] : definitions, problem.Objective.Tensors, Weights, null, own.Count, problem.Objective.CreateVector);
        _linearization = problem.Objective.CreateTraining(Hyperparameters.OfObjective, withProducts: true);
    }

    internal DenseVector<double> Weights { get; }

    internal DenseVector<double>[] State { get; }

    internal HyperparameterSet<DenseVector<double>> Hyperparameters { get; }

    /// <summary>The greatest norm of a gradient; null for none.</summary>
    internal double? GradientClip { get; init; }

    /// <summary>The greatest size of a gradient's elements; null for none.</summary>
    internal double? ElementClamp { get; init; }

    internal long Steps { get; set; }

    internal double ValidationLoss => _problem.Objective.CreateValidation(Hyperparameters.OfObjective).Loss(Weights, _problem.Validation.BatchAt(0));

    internal Simulation Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            _linearization.Gradient(Weights, _problem.Training.BatchAt(Steps), _gradient);
            if (GradientClip is { } limit)
                _gradient.Scale(Math.Min(1, limit / (Math.Sqrt(_gradient.Dot(_gradient)) + 1e-6)));
            if (ElementClamp is { } most)
                _gradient.Clamp(-most, most);
            _rule.Apply(Hyperparameters, Weights, State, _gradient, ++Steps, _scratch);
        }
        return this;
    }

    /// <summary>Moves one raw value of one hyperparameter.</summary>
    internal Simulation Shift(string name, int index, double shift)
    {
        double[] raw = Hyperparameters[name].Raw();
        raw[index] += shift;
        Hyperparameters[name].SetRaw(raw);
        return this;
    }

    /// <summary>Weights and state in one array.</summary>
    internal double[] Joined() => [.. Weights.ToArray(), .. State.SelectMany(s => s.ToArray())];

    internal Simulation SetJoined(double[] values)
    {
        Weights.CopyFrom(values.AsSpan(0, Weights.Length));
        for (int k = 0; k < State.Length; k++)
            State[k].CopyFrom(values.AsSpan((k + 1) * Weights.Length, Weights.Length));
        return this;
    }
}
