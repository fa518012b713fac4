namespace MLNetHyper.Engine.Tests;

/// <summary>
/// <c>log cosh(s·x·w + o[i mod 3] - y)</c> and a penalty <c>ρ Σ log cosh w</c>, with s, o and ρ hyperparameters of its own: one that validation depends on too,
/// one of several numbers, one that multiplies a term of the loss. Validation knows neither o nor ρ.
/// </summary>
internal sealed class ScaledObjective(double[][] x, double[] y) : IObjective<DenseVector<double>>
{
    private const int Offsets = 3;
    private readonly int _length = x[0].Length;

    public IReadOnlyList<TensorSegment> Tensors { get; } = [new("first", 0, 2, x[0].Length), new("second", 2, x[0].Length - 2, x[0].Length)];

    public IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
    [
        new("scale", Transform.Log10, 0.8, -2, 1),
        new("offset", Transform.Identity, 0.1, -5, 5) { Count = Offsets },
        new("penalty", Transform.Log10, 0.05, -10, 0),
    ];

    public DenseVector<double> CreateVector() => new(_length);

    public DenseVector<double> CreateVector(int length) => new(length);

    public void Initialize(DenseVector<double> weights, int seed) => weights.CopyFrom([.. Enumerable.Range(0, _length).Select(i => Math.Sin(i + seed + 1))]);

    public ILinearization<DenseVector<double>> CreateLinearization(bool withProducts = true) => new Linearization(this, [], isTraining: false);

    public ILinearization<DenseVector<double>> CreateTraining(IReadOnlyList<HyperparameterValue<DenseVector<double>>> values, bool withProducts) => new Linearization(this, values, isTraining: true);

    public ILinearization<DenseVector<double>> CreateValidation(IReadOnlyList<HyperparameterValue<DenseVector<double>>> values) => new Linearization(this, values, isTraining: false);

    private sealed class Linearization(ScaledObjective objective, IReadOnlyList<HyperparameterValue<DenseVector<double>>> values, bool isTraining) : ILinearization<DenseVector<double>>
    {
        private readonly double[] _w = new double[objective._length];
        private int[] _examples = [];

        private double Scale => values.Count > 0 ? values[0].Mean : 1;

        private double Penalty => isTraining ? values[2].Mean : 0;

        public double Loss(DenseVector<double> weights, Batch batch)
        {
            double sum = 0;
            foreach (int i in ((IndexBatch)batch).Examples)
                sum += Math.Log(Math.Cosh(Residual(weights.Span, i)));
            foreach (double w in weights.Span)
                sum += batch.Count * Penalty * Math.Log(Math.Cosh(w));
            return sum / batch.Count;
        }

        public double Gradient(DenseVector<double> weights, Batch batch, DenseVector<double> gradient)
        {
            weights.Span.CopyTo(_w);
            _examples = [.. ((IndexBatch)batch).Examples];
            Each(gradient, i => Scale * Math.Tanh(Residual(_w, i)), j => Penalty * Math.Tanh(_w[j]));
            return Loss(weights, batch);
        }

        public void CurvatureVectorProducts(Curvature curvature, ReadOnlySpan<DenseVector<double>> directions, ReadOnlySpan<DenseVector<double>> products, BatchPart part)
        {
            for (int k = 0; k < directions.Length; k++)
            {
                double[] d = directions[k].ToArray();
                Each(products[k], i => Scale * Scale * Bend(Residual(_w, i)) * Along(d, i), j => Penalty * Bend(_w[j]) * d[j]);
            }
        }

        public void AddHypergradients(double factor, DenseVector<double> adjoint)
        {
            DenseVector<double> tangent = objective.CreateVector(), offsets = objective.CreateVector(Offsets);
            foreach (HyperparameterValue<DenseVector<double>> value in values)
            {
                if (!value.Definition.Tuned)
                    continue;
                for (int k = 0; k < value.Count; k++)
                {
                    GradientTangent(value, k, tangent);
                    if (value.Count == 1)
                        value.AddHypergradient(0, factor * tangent.Dot(adjoint));
                    else
                        offsets.Span[k] = tangent.Dot(adjoint);
                }
                if (value.Count > 1)
                    value.AddHypergradients(factor, offsets);
            }
        }

        public void GradientTangent(HyperparameterValue<DenseVector<double>> value, int index, DenseVector<double> tangent)
        {
            switch (value.Definition.Name)
            {
                case "scale":
                    Each(tangent, i => Math.Tanh(Residual(_w, i)) + (Scale * Bend(Residual(_w, i)) * Along(_w, i)), _ => 0);
                    break;
                case "offset":
                    Each(tangent, i => i % Offsets == index ? Scale * Bend(Residual(_w, i)) : 0, _ => 0);
                    break;
                default:
                    Each(tangent, _ => 0, j => Math.Tanh(_w[j]));
                    break;
            }
        }

        public void AddDirectHypergradients()
        {
            double sum = 0;
            foreach (int i in _examples)
                sum += Math.Tanh(Residual(_w, i)) * Along(_w, i) / _examples.Length;
            values[0].AddHypergradient(0, sum);
        }

        private static double Bend(double z) => 1 - (Math.Tanh(z) * Math.Tanh(z));

        private double Residual(ReadOnlySpan<double> w, int example) =>
            (Scale * Along(w, example)) + (isTraining ? values[1].Elements!.Span[example % Offsets] : 0) - objective.Target(example);

        private double Along(ReadOnlySpan<double> w, int example) => objective.Dot(w, example);

        /// <summary>Σ factor(i)·x[i]/n + penalty(j).</summary>
        private void Each(DenseVector<double> result, Func<int, double> factor, Func<int, double> penalty)
        {
            result.Fill(0);
            foreach (int i in _examples)
            {
                double f = factor(i) / _examples.Length;
                for (int j = 0; j < _w.Length; j++)
                    result.Span[j] += f * objective.Feature(i, j);
            }
            for (int j = 0; j < _w.Length; j++)
                result.Span[j] += penalty(j);
        }
    }

    private double Target(int example) => y[example];

    private double Feature(int example, int index) => x[example][index];

    private double Dot(ReadOnlySpan<double> w, int example)
    {
        double sum = 0;
        for (int j = 0; j < w.Length; j++)
            sum += x[example][j] * w[j];
        return sum;
    }
}
