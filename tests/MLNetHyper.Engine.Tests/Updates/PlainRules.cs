namespace MLNetHyper.Engine.Tests;

/// <summary>
/// Whole algorithms of rules whose steps depend on all weights, in plain loops straight from papers and the authors' code, in their order, with no thought for
/// speed or seams: what the rules are compared with step by step.
/// </summary>
internal abstract class PlainRule(double[] start)
{
    protected double[] X0 { get; } = [.. start];

    /// <summary>The weights at which gradients are taken.</summary>
    internal double[] X { get; private protected set; } = [.. start];

    /// <summary>The weights that are judged.</summary>
    internal virtual double[] Evaluated => X;

    internal abstract void Step(double[] g);

    protected static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    protected static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    internal static PlainRule Create(UpdateRule rule, double[] start, double[] h) => rule switch
    {
        ProdigyUpdate => new PlainProdigy(start, h),
        DAdaptAdamUpdate => new PlainDAdaptAdam(start, h),
        DAdaptSgdUpdate => new PlainDAdaptSgd(start, h),
        DogUpdate => new PlainDog(start, h),
        MechanicUpdate => new PlainMechanic(start, h),
        _ => new PlainScheduleFree(start, h),
    };
}

internal sealed class PlainProdigy(double[] start, double[] h) : PlainRule(start)
{
    private const double D0 = 1e-6;
    private readonly double[] _m = new double[start.Length], _v = new double[start.Length], _s = new double[start.Length];
    private double _d = D0, _greatest = D0, _r;

    internal override void Step(double[] g)
    {
        (double gamma, double xi, double beta1, double beta2) = (h[0], h[1], h[2], h[3]);
        double q = Math.Sqrt(beta2), rate = _d * gamma;
        _r *= q;
        for (int i = 0; i < g.Length; i++)
        {
            _r += _d / D0 * rate * g[i] * (X0[i] - X[i]);
            _m[i] = (beta1 * _m[i]) + ((1 - beta1) * _d * g[i]);
            _v[i] = (beta2 * _v[i]) + ((1 - beta2) * _d * _d * g[i] * g[i]);
            _s[i] = (q * _s[i]) + (_d / D0 * rate * g[i]);
        }
        double estimate = _r / _s.Sum(Math.Abs), d = _d;
        if (d == D0)
            d = Math.Max(d, estimate);
        _greatest = Math.Max(_greatest, estimate);
        d = _greatest;
        for (int i = 0; i < g.Length; i++)
        {
            X[i] -= xi * rate * X[i];
            X[i] -= rate * _m[i] / (Math.Sqrt(_v[i]) + (d * 1e-8));
        }
        _d = d;
    }
}

internal sealed class PlainDAdaptAdam(double[] start, double[] h) : PlainRule(start)
{
    private readonly double[] _m = new double[start.Length], _v = new double[start.Length], _s = new double[start.Length];
    private double _d = 1e-6, _r;

    internal override void Step(double[] g)
    {
        (double gamma, double xi, double beta1, double beta2) = (h[0], h[1], h[2], h[3]);
        double q = Math.Sqrt(beta2), rate = _d * gamma, product = 0;
        for (int i = 0; i < g.Length; i++)
            product += g[i] * _s[i] / (Math.Sqrt(_v[i]) + 1e-8);
        _r = (q * _r) + ((1 - q) * rate * product);
        for (int i = 0; i < g.Length; i++)
        {
            _m[i] = (beta1 * _m[i]) + ((1 - beta1) * rate * g[i]);
            _v[i] = (beta2 * _v[i]) + ((1 - beta2) * g[i] * g[i]);
            _s[i] = (q * _s[i]) + ((1 - q) * rate * g[i]);
            X[i] -= xi * rate * X[i];
            X[i] -= _m[i] / (Math.Sqrt(_v[i]) + 1e-8);
        }
        _d = Math.Max(_d, _r / ((1 - q) * _s.Sum(Math.Abs)));
    }
}

internal sealed class PlainDAdaptSgd(double[] start, double[] h) : PlainRule(start)
{
    private readonly double[] _s = new double[start.Length];
    private double _d = 1e-6, _r, _first;

    internal override void Step(double[] g)
    {
        (double gamma, double xi, double beta) = (h[0], h[1], h[2]);
        double[] e = [.. g.Select((x, i) => x + (xi * X[i]))];
        if (_first == 0)
            _first = Norm(e);
        double rate = _d * gamma / _first;
        _r += rate * Dot(e, _s);
        for (int i = 0; i < e.Length; i++)
            _s[i] += rate * e[i];
        _d = Math.Max(_d, 2 * _r / Norm(_s));
        X = [.. X.Select((x, i) => (beta * x) + ((1 - beta) * (X0[i] - _s[i])))];
    }
}

internal sealed class PlainDog(double[] start, double[] h) : PlainRule(start)
{
    private readonly double[] _average = [.. start];
    private double _distance = 1e-6 * (1 + Norm(start)), _squares = 1e-8;
    private int _t;

    internal override double[] Evaluated => _average;

    internal override void Step(double[] g)
    {
        (double c, double xi) = (h[0], h[1]);
        _distance = Math.Max(_distance, Norm([.. X.Zip(X0, (x, y) => x - y)]));
        double[] e = [.. g.Select((x, i) => x + (xi * X[i]))];
        _squares += Dot(e, e);
        _t++;
        for (int i = 0; i < e.Length; i++)
        {
            X[i] -= c * _distance / Math.Sqrt(_squares) * e[i];
            _average[i] += (1 + 8.0) / (_t + 8) * (X[i] - _average[i]);
        }
    }
}

internal sealed class PlainMechanic(double[] start, double[] h) : PlainRule(start)
{
    private static readonly double[] _betas = [0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];
    private readonly double[] _m = new double[start.Length], _v = new double[start.Length], _sum = new double[start.Length];
    private readonly double[] _greatest = [.. _betas.Select(_ => 1e-6)], _squares = new double[6], _reward = new double[6], _scale = new double[6];
    private int _t;

    internal override void Step(double[] g)
    {
        _t++;
        double total = _scale.Sum(), norm = Norm(g), size = Norm(X);
        double product = Dot(_sum, [.. g.Select((x, i) => x + (0.01 * X[i] * total * norm / (size + 1e-8)))]);
        for (int i = 0; i < g.Length; i++)
        {
            // Four hyperparameters are AdamW's, three those of SGD.
            _sum[i] += (h.Length == 4
                ? PlainStep.Adam(true, X[i], ref _m[i], ref _v[i], g[i], h[0], h[1], h[2], h[3], _t)
                : PlainStep.Sgd(false, false, X[i], ref _m[i], g[i], h[0], h[1], h[2])) - X[i];
        }
        for (int j = 0; j < 6; j++)
        {
            _greatest[j] = Math.Max(_betas[j] * _greatest[j], Math.Abs(product));
            _squares[j] = (_betas[j] * _betas[j] * _squares[j]) + (product * product);
            _reward[j] = Math.Max(0, (_betas[j] * _reward[j]) - (_scale[j] * product));
            double wealth = (1e-8 * _greatest[j] / 6) + _reward[j];
            _scale[j] = wealth / (Math.Sqrt(_squares[j]) + 1e-8);
        }
        X = [.. X0.Select((x, i) => x + (_sum[i] * _scale.Sum()))];
    }
}

/// <summary>In the authors' stored form, of y and z alone: x follows from them.</summary>
internal sealed class PlainScheduleFree(double[] start, double[] h) : PlainRule(start)
{
    private readonly double[] _z = [.. start], _v = new double[start.Length];
    private double _sum, _greatest;
    private int _t;

    internal override double[] Evaluated => [.. X.Zip(_z, (y, z) => (y - ((1 - h[2]) * z)) / h[2])];

    internal override void Step(double[] g)
    {
        _t++;
        (double gamma, double xi, double beta) = (h[0], h[1], h[2]);
        _greatest = Math.Max(_greatest, gamma);
        double weight = Math.Pow(_t, 0) * _greatest * _greatest;
        _sum += weight;
        double c = weight / _sum;
        for (int i = 0; i < g.Length; i++)
        {
            double e = g[i];
            if (h.Length == 4)
            {
                _v[i] = (h[3] * _v[i]) + ((1 - h[3]) * g[i] * g[i]);
                e = g[i] / (Math.Sqrt(_v[i] / (1 - Math.Pow(h[3], _t))) + 1e-8);
            }
            e += xi * X[i];
            X[i] = ((1 - c) * X[i]) + (c * _z[i]) + (gamma * ((beta * (1 - c)) - 1) * e);
            _z[i] -= gamma * e;
        }
    }
}
