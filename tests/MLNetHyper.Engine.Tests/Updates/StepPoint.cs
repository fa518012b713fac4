namespace MLNetHyper.Engine.Tests;

/// <summary>
/// One step of a rule at a random point: weights, state, gradient and hyperparameters are independent inputs here, and the step
/// is repeated with any of them moved.
/// </summary>
internal sealed class StepPoint
{
    private const int Length = 5;

    private readonly ExampleObjective _objective = QuadraticObjective.Random(Length, 1, seed: 1);
    private readonly Hyperparameter[] _definitions;
    private readonly double[][] _raw;

    internal StepPoint(string rule, Granularity granularity, long number)
    {
        Rule = Rules.Create(rule);
        Number = number;
        _definitions = Rules.Tuned(Rule, granularity);
        Hyperparameters = new(_definitions, _objective.Tensors, _objective.CreateVector());
        Random = new Random(11);
        // Values that share a hyperparameter differ, or a mix-up between weights would go unseen.
        foreach (HyperparameterValue<DenseVector<double>> value in Hyperparameters)
            value.SetRaw(value.Raw().Select(r => r + (0.5 * Random.NextDouble())).ToArray());
        _raw = [.. Hyperparameters.Select(v => v.Raw())];
        Weights = Numbers.RandomVector(Random, Length);
        Gradient = Numbers.RandomVector(Random, Length);
        State = [.. Enumerable.Range(0, Rule.StateCount).Select(State0), .. Enumerable.Range(0, Rule.ConstantCount).Select(_ => Constant())];
        Record = CreateRecord();
    }

    /// <summary>Every rule at every granularity, on the first step and on a later one.</summary>
    internal static IEnumerable<object[]> All =>
        from rule in Rules.Names
        from granularity in Enum.GetValues<Granularity>()
        from number in Enumerable.Range(0, 2).Select(k => 1 + (3 * k))
        select new object[] { rule, granularity, number };

    internal UpdateRule Rule { get; }

    internal long Number { get; }

    internal Random Random { get; }

    internal HyperparameterSet<DenseVector<double>> Hyperparameters { get; }

    internal DenseVector<double> Weights { get; }

    internal DenseVector<double> Gradient { get; }

    /// <summary>All state vectors; those that the rule holds constant have any positive values, and come last.</summary>
    internal DenseVector<double>[] State { get; }

    /// <summary>Which state vector is a second moment, which is positive; -1 for none.</summary>
    internal int SecondMoment => Rule switch { AdamUpdate or MixtureUpdate or DistanceAdamUpdate => 1, MechanicUpdate { StateCount: 3 } => 1, ScheduleFreeUpdate { StateCount: 3 } => 2, _ => -1 };

    internal StepRecord<DenseVector<double>> Record { get; }

    internal DenseVector<double> RandomDirection() => Numbers.RandomVector(Random, Length);

    internal DenseVector<double>[] RandomStateDirection() => [.. State.Take(Rule.StateCount).Select(_ => RandomDirection())];

    internal DenseVector<double>[] ZeroState() => [.. State.Take(Rule.StateCount).Select(_ => Zero())];

    internal static DenseVector<double> Zero() => new(Length);

    /// <summary>Weights and state, but for what is constant, after the step from the point moved by t along the directions given; joined.</summary>
    internal double[] After(double t, DenseVector<double>? dw = null, DenseVector<double>[]? ds = null, DenseVector<double>? dg = null)
    {
        DenseVector<double> w = Moved(Weights, t, dw), g = Moved(Gradient, t, dg);
        DenseVector<double>[] state = [.. State.Select((s, k) => Moved(s, t, k < Rule.StateCount ? ds?[k] : null))];
        Rule.Apply(Hyperparameters, w, state, g, Number, Zero());
        return [.. w.ToArray(), .. state.Take(Rule.StateCount).SelectMany(s => s.ToArray())];
    }

    /// <summary>The same with one real value of one hyperparameter moved by t instead.</summary>
    internal double[] AfterWith(HyperparameterValue<DenseVector<double>> value, int index, double t)
    {
        double[] original = _raw[Array.IndexOf([.. Hyperparameters], value)];
        double[] raw = [.. original];
        Transform transform = value.Definition.Transform;
        raw[index] = transform.ToRaw(transform.ToReal(raw[index]) + t);
        value.SetRaw(raw);
        double[] after = After(0);
        value.SetRaw(original);
        return after;
    }

    /// <summary>The tangent seed of one of a value's numbers.</summary>
    internal TangentSeed<DenseVector<double>> Seed(HyperparameterValue<DenseVector<double>> value, int index)
    {
        if (value.Definition.Granularity == Granularity.Scalar)
            return new(value.Definition.Name, null);
        DenseVector<double> mask = Zero();
        if (value.Definition.Granularity == Granularity.PerWeight)
            mask.Span[index] = 1;
        else
            mask.Fill(1, _objective.Tensors[index].Start, _objective.Tensors[index].Length);
        return new(value.Definition.Name, mask);
    }

    private DenseVector<double> State0(int k)
    {
        if (Number == 1)
            return Zero();
        DenseVector<double> state = Numbers.RandomVector(Random, Length);
        // Not close to zero either, where roots bend too much for finite differences.
        return k == SecondMoment ? state.ToArray().Select(s => (s * s) + 0.05).ToArray().ToVector() : state;
    }

    private DenseVector<double> Constant() => Enumerable.Range(0, Length).Select(_ => 0.2 + (0.6 * Random.NextDouble())).ToArray().ToVector();

    private StepRecord<DenseVector<double>> CreateRecord()
    {
        var record = new StepRecord<DenseVector<double>>(_objective, Hyperparameters, State.Length, isClipped: false, _objective.CreateVectors(StepRecord<DenseVector<double>>.ScratchCount)) { Number = Number };
        record.Weights.CopyFrom(Weights);
        record.Gradient.CopyFrom(Gradient);
        DenseVector<double>[] next = [.. State.Select(s => Moved(s, 0, null))];
        for (int k = 0; k < next.Length; k++)
            record.State[k].CopyFrom(State[k]);
        Rule.Apply(Hyperparameters, Moved(Weights, 0, null), next, Gradient, Number, Zero());
        record.NextState = next;
        return record;
    }

    private static DenseVector<double> Moved(DenseVector<double> x, double t, DenseVector<double>? direction)
    {
        DenseVector<double> moved = x.CreateZero();
        moved.CopyFrom(x);
        if (direction is not null)
            moved.Combine(1, t, direction);
        return moved;
    }
}
