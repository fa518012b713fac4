namespace MLNetHyper.Engine.Tests;

/// <summary>The network as a textbook has it: one example after another, plain loops, double.</summary>
internal sealed class ReferenceNetwork(Architecture architecture)
{
    private readonly int[] _sizes = [architecture.Inputs, .. architecture.Hidden, architecture.Outputs];

    internal int Length => Enumerable.Range(0, _sizes.Length - 1).Sum(l => (_sizes[l] + 1) * _sizes[l + 1]);

    /// <summary>Mean loss and gradient over the given rows.</summary>
    internal (double Loss, double[] Gradient) Gradient(double[] w, Examples<double> examples, int start, int end)
    {
        double total = Weight(examples, start, end), loss = 0;
        double[] gradient = new double[w.Length];
        if (total == 0)
            return (0, gradient);
        for (int i = start; i < end; i++)
        {
            double share = Weight(examples, i, i + 1) / total;
            double[][] inputs = Forward(w, Row(examples, i), out double[] z);
            (double value, double[] delta) = LossOf(z, examples.Targets[i]);
            loss += share * value;
            Backward(w, inputs, [.. delta.Select(d => d * share)], gradient);
        }
        return (loss, gradient);
    }

    /// <summary>Jᵀ H_out J v over the given rows.</summary>
    internal double[] GaussNewton(double[] w, double[] v, Examples<double> examples, int start, int end)
    {
        double total = Weight(examples, start, end);
        double[] product = new double[w.Length];
        for (int i = start; i < end && total > 0; i++)
        {
            double share = Weight(examples, i, i + 1) / total;
            double[][] inputs = Forward(w, Row(examples, i), out double[] z);
            double[] tangent = Tangent(w, v, Row(examples, i));
            Backward(w, inputs, [.. CurvatureOf(z, tangent).Select(d => d * share)], product);
        }
        return product;
    }

    internal double[] Outputs(double[] w, double[] row)
    {
        Forward(w, row, out double[] z);
        return z;
    }

    private static double Weight(Examples<double> examples, int start, int end) =>
        Enumerable.Range(start, end - start).Sum(i => examples.Weights?[i] ?? 1);

    private static double[] Row(Examples<double> examples, int i) =>
        examples.Features[(i * examples.FeatureCount)..((i + 1) * examples.FeatureCount)];

    // Every layer's input before the activation that leads to it; the first is the row.
    private double[][] Forward(double[] w, double[] row, out double[] z)
    {
        double[][] inputs = new double[_sizes.Length - 1][];
        z = row;
        for (int l = 0, at = 0; l < inputs.Length; l++)
        {
            inputs[l] = z;
            double[] x = l == 0 ? z : [.. z.Select(Value)];
            z = Linear(w, at, l, x, withBias: true);
            at += (_sizes[l] + 1) * _sizes[l + 1];
        }
        return inputs;
    }

    private double[] Tangent(double[] w, double[] v, double[] row)
    {
        double[] z = row, t = new double[row.Length];
        for (int l = 0, at = 0; l < _sizes.Length - 1; l++)
        {
            double[] x = l == 0 ? z : [.. z.Select(Value)];
            double[] dx = l == 0 ? t : [.. t.Zip(z, (d, s) => d * Slope(s))];
            t = [.. Linear(v, at, l, x, withBias: true).Zip(Linear(w, at, l, dx, withBias: false), (a, b) => a + b)];
            z = Linear(w, at, l, x, withBias: true);
            at += (_sizes[l] + 1) * _sizes[l + 1];
        }
        return t;
    }

    private double[] Linear(double[] w, int at, int l, double[] x, bool withBias)
    {
        double[] z = new double[_sizes[l + 1]];
        for (int h = 0; h < z.Length; h++)
        {
            z[h] = withBias ? w[at + (_sizes[l] * _sizes[l + 1]) + h] : 0;
            for (int k = 0; k < x.Length; k++)
                z[h] += w[at + (h * x.Length) + k] * x[k];
        }
        return z;
    }

    private void Backward(double[] w, double[][] inputs, double[] delta, double[] gradient)
    {
        int at = w.Length;
        for (int l = inputs.Length - 1; l >= 0; l--)
        {
            int n = _sizes[l], m = _sizes[l + 1];
            at -= (n + 1) * m;
            double[] below = new double[n];
            for (int h = 0; h < m; h++)
            {
                gradient[at + (n * m) + h] += delta[h];
                for (int k = 0; k < n; k++)
                {
                    gradient[at + (h * n) + k] += delta[h] * (l == 0 ? inputs[0][k] : Value(inputs[l][k]));
                    below[k] += delta[h] * w[at + (h * n) + k] * (l == 0 ? 1 : Slope(inputs[l][k]));
                }
            }
            delta = below;
        }
    }

    private double Value(double z) => architecture.Activation switch
    {
        Activation.Relu => Math.Max(0, z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Gelu => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z)))),
        _ => z,
    };

    private double Slope(double z)
    {
        switch (architecture.Activation)
        {
            case Activation.Relu:
                return z > 0 ? 1 : 0;
            case Activation.Tanh:
                return 1 - Math.Pow(Math.Tanh(z), 2);
            case Activation.Gelu:
                double c = Math.Sqrt(2 / Math.PI), t = Math.Tanh(c * (z + (0.044715 * z * z * z)));
                return (0.5 * (1 + t)) + (0.5 * z * (1 - (t * t)) * c * (1 + (3 * 0.044715 * z * z)));
            default:
                return 1;
        }
    }

    private (double Loss, double[] Delta) LossOf(double[] z, double y)
    {
        switch (architecture.Loss)
        {
            case Loss.SquaredError:
                return ((z[0] - y) * (z[0] - y), [2 * (z[0] - y)]);
            case Loss.Logistic:
                double p = 1 / (1 + Math.Exp(-z[0]));
                return (Math.Max(z[0], 0) + Math.Log(1 + Math.Exp(-Math.Abs(z[0]))) - (y * z[0]), [p - y]);
            default:
                double[] q = Softmax(z);
                return (Math.Log(z.Sum(Math.Exp)) - z[(int)y], [.. q.Select((v, c) => v - (c == (int)y ? 1 : 0))]);
        }
    }

    private double[] CurvatureOf(double[] z, double[] t)
    {
        switch (architecture.Loss)
        {
            case Loss.SquaredError:
                return [2 * t[0]];
            case Loss.Logistic:
                double p = 1 / (1 + Math.Exp(-z[0]));
                return [p * (1 - p) * t[0]];
            default:
                double[] q = Softmax(z);
                double mean = q.Zip(t, (a, b) => a * b).Sum();
                return [.. q.Zip(t, (a, b) => a * (b - mean))];
        }
    }

    private static double[] Softmax(double[] z)
    {
        double sum = z.Sum(Math.Exp);
        return [.. z.Select(v => Math.Exp(v) / sum)];
    }
}
