using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Maps the raw value of a hyperparameter, which a meta-optimizer moves freely, to the real value that an update rule uses
/// (Clarke et al. 2022, appendix B.3).
/// </summary>
public abstract class Transform
{
    private Transform() { }

    /// <summary><c>real = 10^raw</c>: learning rates and weight decays.</summary>
    public static Transform Log10 { get; } = new Log10Transform();

    /// <summary><c>real = 1/(1+e^-raw)</c>: momenta and Adam's betas.</summary>
    public static Transform Logit { get; } = new LogitTransform(1);

    /// <summary><c>real = upper/(1+e^-raw)</c>: what lies between 0 and a greatest value, such as a rate of dropout.</summary>
    /// <param name="upper">The greatest value, finite and above 0.</param>
    public static Transform LogitUpTo(double upper) => upper > 0 && double.IsFinite(upper)
        ? new LogitTransform(upper)
        : throw new ArgumentOutOfRangeException(nameof(upper), upper, "The greatest value must be a finite number above 0.");

    /// <summary><c>real = raw</c>.</summary>
    public static Transform Identity { get; } = new IdentityTransform();

    /// <summary>The real value of a raw one.</summary>
    public abstract double ToReal(double raw);

    /// <summary>The raw value of a real one. Zero of <see cref="Log10"/>, and the ends of <see cref="Logit"/> and <see cref="LogitUpTo"/>, become infinite.</summary>
    public abstract double ToRaw(double real);

    /// <summary>Overwrites raw values with real ones.</summary>
    internal abstract void ToReal<TBlock>(TBlock values) where TBlock : class, IVector<TBlock>;

    /// <summary><c>gradient ← gradient ∘ d real / d raw</c>; <paramref name="scratch"/> is overwritten.</summary>
    internal abstract void ApplyChainRule<TBlock>(TBlock real, TBlock gradient, TBlock scratch) where TBlock : class, IVector<TBlock>;

    private sealed class Log10Transform : Transform
    {
        public override string ToString() => "log10";

        public override double ToReal(double raw) => Math.Pow(10, raw);

        public override double ToRaw(double real) => Math.Log10(real);

        internal override void ToReal<TBlock>(TBlock values) => values.Exp10();

        internal override void ApplyChainRule<TBlock>(TBlock real, TBlock gradient, TBlock scratch) =>
            gradient.CombineProduct(0, Math.Log(10), gradient, real);
    }

    private sealed class LogitTransform(double upper) : Transform
    {
        public override string ToString() => upper == 1 ? "logit" : string.Create(CultureInfo.InvariantCulture, $"logit up to {upper:R}");

        public override double ToReal(double raw) => upper / (1 + Math.Exp(-raw));

        public override double ToRaw(double real) => Math.Log(real / (upper - real));

        internal override void ToReal<TBlock>(TBlock values)
        {
            values.Sigmoid();
            values.Scale(upper);
        }

        internal override void ApplyChainRule<TBlock>(TBlock real, TBlock gradient, TBlock scratch)
        {
            scratch.CombineProduct(0, 1, gradient, real);
            gradient.CopyFrom(scratch);
            gradient.CombineProduct(1, -1 / upper, scratch, real);
        }
    }

    private sealed class IdentityTransform : Transform
    {
        public override string ToString() => "identity";

        public override double ToReal(double raw) => raw;

        public override double ToRaw(double real) => real;

        internal override void ToReal<TBlock>(TBlock values) { }

        internal override void ApplyChainRule<TBlock>(TBlock real, TBlock gradient, TBlock scratch) { }
    }
}
