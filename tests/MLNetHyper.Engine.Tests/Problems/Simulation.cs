namespace MLNetHyper.Engine.Tests;

/// <summary>
/// Plain training step by step, without the loop: what finite differences are taken of. What rules hold constant in derivatives is noted, so that a run that starts
/// or goes on differently can be held to it.
/// </summary>
internal sealed class Simulation
{
    private readonly Problem _problem;
    private readonly UpdateRule _rule;
    private readonly ILinearization<DenseVector<double>> _linearization;
    private readonly DenseVector<double> _gradient;
    private readonly DenseVector<double> _scratch;
    private readonly RuleNumbers _numbers;
    private readonly List<double[][]> _constants = [];

    internal Simulation(Problem problem, UpdateRule rule, IReadOnlyList<Hyperparameter> definitions, int seed = 0)
    {
        (_problem, _rule) = (problem, rule);
        Weights = problem.Objective.CreateVector();
        problem.Objective.Initialize(Weights, seed);
        State = problem.Objective.CreateVectors(rule.StateCount + rule.ConstantCount);
        _numbers = new(rule.NumberCount, problem.Objective.Models);
        rule.Begin(Weights, State, _numbers, [true]);
        _gradient = Weights.CreateZero();
        _scratch = Weights.CreateZero();
        IReadOnlyList<Hyperparameter> own = problem.Objective.Hyperparameters;
        Hyperparameters = new(definitions.Count == rule.Hyperparameters.Count ? [.. definitions, .. own] : definitions, problem.Objective.Tensors, Weights, null, own.Count, problem.Objective.CreateVector);
        _linearization = problem.Objective.CreateTraining(Hyperparameters.OfObjective, withProducts: true);
    }

    internal DenseVector<double> Weights { get; }

    internal DenseVector<double>[] State { get; }

    internal HyperparameterSet<DenseVector<double>> Hyperparameters { get; }

    /// <summary>What is judged: the weights, unless the rule has an average of its own.</summary>
    internal DenseVector<double> Evaluated => _rule.EvaluatedState is { } evaluated ? State[evaluated] : Weights;

    /// <summary>The rule's numbers.</summary>
    internal RuleNumbers Numbers => _numbers;

    /// <summary>The constant state vectors at every step.</summary>
    internal IReadOnlyList<double[][]> Constants => _constants;

    /// <summary>Those of another run, to be held to; null to let the rule adapt.</summary>
    internal IReadOnlyList<double[][]>? Held { get; init; }

    /// <summary>The greatest norm of a gradient; null for none.</summary>
    internal double? GradientClip { get; init; }

    /// <summary>The greatest size of a gradient's elements; null for none.</summary>
    internal double? ElementClamp { get; init; }

    internal long Steps { get; set; }

    internal double ValidationLoss => ValidationLossAt(Weights);

    internal double ValidationLossAt(DenseVector<double> weights) => _problem.Objective.CreateValidation(Hyperparameters.OfObjective).Loss(weights, _problem.Validation.BatchAt(0));

    /// <summary>The validation loss's gradient at what is judged.</summary>
    internal DenseVector<double> ValidationGradient()
    {
        DenseVector<double> gradient = Weights.CreateZero();
        _problem.Objective.CreateValidation(Hyperparameters.OfObjective).Gradient(Evaluated, _problem.Validation.BatchAt(0), gradient);
        return gradient;
    }

    internal Simulation Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            _linearization.Gradient(Weights, _problem.Training.BatchAt(Steps), _gradient);
            if (GradientClip is { } limit)
                _gradient.Scale(Math.Min(1, limit / (Math.Sqrt(_gradient.Dot(_gradient)) + 1e-6)));
            if (ElementClamp is { } most)
                _gradient.Clamp(-most, most);
            if (Held is null)
                _rule.Adapt(Hyperparameters, Weights, State, _gradient, _numbers, _scratch);
            for (int k = 0; k < _rule.ConstantCount && Held is not null; k++)
                Held[(int)Steps][k].CopyTo(State[_rule.StateCount + k].Span);
            _constants.Add([.. State.Skip(_rule.StateCount).Select(s => s.ToArray())]);
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

    /// <summary>Weights and state, but for what is held constant, in one array.</summary>
    internal double[] Joined() => [.. Weights.ToArray(), .. State.Take(_rule.StateCount).SelectMany(s => s.ToArray())];

    internal Simulation SetJoined(double[] values)
    {
        Weights.CopyFrom(values.AsSpan(0, Weights.Length));
        for (int k = 0; k < _rule.StateCount; k++)
            State[k].CopyFrom(values.AsSpan((k + 1) * Weights.Length, Weights.Length));
        return this;
    }
}
