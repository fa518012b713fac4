using System.Globalization;
using static MLNetHyper.Engine.Hyperparameter;

namespace MLNetHyper.Engine;

/// <summary>
/// DoG, distance over gradients, with its polynomial-decay average (Ivgi, Hinder and Carmon 2023, "DoG is SGD's Best Friend", equations 3 and 5, as in the authors'
/// code): with <c>e = g + ξw</c>, <c>r̄ = max(r̄, ‖w-w₀‖)</c>; <c>G⁺ = G + ‖e‖²</c>; <c>w⁺ = w - γ(r̄/√G⁺)e</c>;
/// <c>w̄⁺ = w̄ + 9/(t+8)·(w⁺-w̄)</c>, of which w̄ is judged and kept. r̄ starts at a share of 1+‖w₀‖, G at 1e-8.
/// </summary>
/// <param name="relativeStart">This share, above 0. Default 1e-6; the authors advise 1e-4 for batch normalization.</param>
/// <remarks>
/// The learning rate γ is a factor on the step size; 1 is meant to be left alone, without a schedule. Learning rate and weight decay may be scalar, per tensor or
/// per weight. Hypergradients hold the step size <c>r̄/√G⁺</c> constant. Several models side by side have one each.
/// </remarks>
public sealed class DogUpdate(double relativeStart = 1e-6) : UpdateRule
{
    private const double Epsilon = 1e-8;

    // γ of the average, in the authors' letters.
    private const double AveragePower = 8;

    // State vectors, all constants: the start, the step size, the average's share of the new weights, and the average.
    private const int Start = 0, StepSize = 1, Share = 2, Average = 3;

    // Numbers of each model.
    private const int Distance = 0, Squares = 1, Steps = 2, Product = 3;

    private readonly double _relativeStart = RequireAboveZero(relativeStart, nameof(relativeStart));

    /// <inheritdoc/>
    public override string Name => "dog";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, from {_relativeStart:R} of the weights' norm");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new(LearningRate, Transform.Log10, 1, -3, 1),
        new(WeightDecay, Transform.Log10, 1e-4, -10, -1),
    ];

    /// <inheritdoc/>
    public override int StateCount => 0;

    /// <inheritdoc/>
    public override bool HasCoupledWeightDecay => true;

    internal override int ConstantCount => 4;

    internal override int NumberCount => 4;

    internal override int? EvaluatedState => Average;

    internal override bool FindsStepSize => true;

    internal override bool NeedsNoSchedule => true;

    internal override void Begin<TVector>(TVector weights, TVector[] state, RuleNumbers numbers, ReadOnlySpan<bool> models)
    {
        state[Start].CopyFrom(weights, numbers.Models, models);
        state[Average].CopyFrom(weights, numbers.Models, models);
        double[] norms = new double[models.Length];
        Span<double> distance = numbers[Distance];
        weights.Dots(weights, numbers.Models, norms);
        for (int k = 0; k < norms.Length; k++)
        {
            if (models[k])
                distance[k] = _relativeStart * (1 + Math.Sqrt(norms[k]));
        }
        numbers.Set(Squares, Epsilon, models);
    }

    internal override void Adapt<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, RuleNumbers numbers, TVector scratch)
    {
        Span<double> distance = numbers[Distance], squares = numbers[Squares], steps = numbers[Steps], product = numbers[Product];
        scratch.CopyFrom(weights);
        scratch.Combine(1, -1, state[Start]);
        scratch.Dots(scratch, numbers.Models, product);
        for (int k = 0; k < distance.Length; k++)
            distance[k] = Math.Max(distance[k], Math.Sqrt(product[k]));
        Decayed(values, weights, gradient, scratch);
        scratch.Dots(scratch, numbers.Models, product);
        for (int k = 0; k < distance.Length; k++)
        {
            squares[k] += product[k];
            product[k] = distance[k] / Math.Sqrt(squares[k]);
        }
        state[StepSize].Fill(product, numbers.Models);
        for (int k = 0; k < distance.Length; k++)
            product[k] = (1 + AveragePower) / (++steps[k] + AveragePower);
        state[Share].Fill(product, numbers.Models);
    }

    /// <inheritdoc/>
    public override void Apply<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector[] state, TVector gradient, long number, TVector scratch)
    {
        Decayed(values, weights, gradient, scratch);
        scratch.CombineProduct(0, 1, state[StepSize], scratch);
        values[0].AddProduct(weights, 1, -1, scratch);
        scratch.CopyFrom(weights);
        scratch.Combine(1, -1, state[Average]);
        state[Average].CombineProduct(1, 1, state[Share], scratch);
    }

    /// <inheritdoc/>
    public override void PushForward<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector z, TVector[] c, TVector hz, TangentSeed<TVector> seed)
    {
        values[1].AddProduct(hz, 1, 1, z);
        seed.Add(WeightDecay, hz, 1, record.Weights);
        hz.CombineProduct(0, 1, record.NextState[StepSize], hz);
        values[0].AddProduct(z, 1, -1, hz);
        if (seed.Name == LearningRate)
            seed.Add(LearningRate, z, -1, Direction(values, record));
    }

    /// <inheritdoc/>
    public override void PullBack<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b, TVector q)
    {
        values[0].AddProduct(q, 0, -1, a);
        q.CombineProduct(0, 1, record.NextState[StepSize], q);
        values[1].AddProduct(a, 1, 1, q);
    }

    /// <inheritdoc/>
    public override void AddHypergradients<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record, TVector a, TVector[] b)
    {
        if (values[0].Definition.Tuned)
            values[0].AddHypergradient(-1, a, Direction(values, record));
        TVector q = record.Scratch[1];
        values[0].AddProduct(q, 0, -1, a);
        q.CombineProduct(0, 1, record.NextState[StepSize], q);
        values[1].AddHypergradient(1, q, record.Weights);
    }

    private static TVector Direction<TVector>(HyperparameterSet<TVector> values, StepRecord<TVector> record) where TVector : class, IVector<TVector>
    {
        TVector direction = record.Scratch[0];
        Decayed(values, record.Weights, record.Gradient, direction);
        direction.CombineProduct(0, 1, record.NextState[StepSize], direction);
        return direction;
    }

    /// <summary>e.</summary>
    private static void Decayed<TVector>(HyperparameterSet<TVector> values, TVector weights, TVector gradient, TVector result) where TVector : class, IVector<TVector>
    {
        result.CopyFrom(gradient);
        values[1].AddProduct(result, 1, 1, weights);
    }
}
