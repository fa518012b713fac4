using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>Moves the raw hyperparameters along their hypergradients.</summary>
public abstract class MetaOptimizer
{
    private protected MetaOptimizer(string name, double metaLearningRate)
    {
        if (!(metaLearningRate > 0) || !double.IsFinite(metaLearningRate))
            throw new ArgumentOutOfRangeException(nameof(metaLearningRate), metaLearningRate, "The meta-learning rate must be a finite number above 0.");
        (Name, MetaLearningRate) = (name, metaLearningRate);
    }

    /// <summary>The name, as on the command line.</summary>
    public string Name { get; }

    /// <summary>The meta-learning rate κ: the scale of a raw hyperparameter's step.</summary>
    public double MetaLearningRate { get; }

    /// <summary>Name and settings: a checkpoint of another text is refused.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, rate {MetaLearningRate:R}");

    internal abstract void Move<TBlock>(TunedBlock<TBlock> block) where TBlock : class, IVector<TBlock>;
}

/// <summary>Adam with bias correction (Kingma and Ba 2015), the meta-optimizer of Clarke et al. 2022.</summary>
public sealed class AdamMetaOptimizer : MetaOptimizer
{
    /// <summary>Its square is finite in single precision too.</summary>
    private const double LargestHypergradient = 1e18;

    /// <summary>The reference's settings are κ = 0.05, β₁ = 0.9, β₂ = 0.999.</summary>
    /// <param name="metaLearningRate">κ, above 0.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1). The default forgets old hypergradients sooner than the reference.</param>
    /// <param name="caution">
    /// By how many of its own standard deviations a mean of pure noise would have to exceed zero before a step is taken, and how much of it: 0 or above. Default 0, Adam as it is.
    /// </param>
    public AdamMetaOptimizer(double metaLearningRate = 0.05, double beta1 = 0.9, double beta2 = 0.9, double caution = 0) : base(caution > 0 ? "cautious-adam" : "adam", metaLearningRate)
    {
        Caution = caution >= 0 && double.IsFinite(caution) ? caution : throw new ArgumentOutOfRangeException(nameof(caution), caution, "Give a finite value, 0 or above.");
        Beta1 = beta1 is >= 0 and < 1 ? beta1 : throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "Give a value in [0, 1).");
        Beta2 = beta2 is >= 0 and < 1 ? beta2 : throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "Give a value in [0, 1).");
    }

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; }

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; }

    /// <summary>
    /// How far a step has to stand out of the noise. Adam's ratio r of mean to root mean square lies within ±1; of noise without a mean it has the deviation s = √((1-β₁)(1+β₁ᵗ)/((1+β₁)(1-β₁ᵗ))). A step is
    /// κ·sign(r)·max(0, |r|-cs)/(1-cs): none where noise explains the ratio, the whole one where all hypergradients agree. An objective's hyperparameters of several numbers
    /// move without: a weight of one example sees a hypergradient only when its batch comes by, which never stands out, and over many numbers noise cancels anyway.
    /// </summary>
    public double Caution { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{base.ToString()}, betas {Beta1:R} and {Beta2:R}{(Caution > 0 ? $", caution {Caution:R}" : "")}");

    internal override void Move<TBlock>(TunedBlock<TBlock> block)
    {
        block.Moves++;
        // A square that overflows would stay infinite, and the hyperparameter stand still, for the rest of the run.
        block.Hypergradient.Clamp(-LargestHypergradient, LargestHypergradient);
        block.First.Combine(Beta1, 1 - Beta1, block.Hypergradient);
        block.Second.CombineProduct(Beta2, 1 - Beta2, block.Hypergradient, block.Hypergradient);
        double correction1 = 1 - Math.Pow(Beta1, block.Moves);
        double correction2 = 1 - Math.Pow(Beta2, block.Moves);
        double caution = block.IsOfSeveral ? 0 : Caution;
        block.Scratch.QuotientRoot(block.First, 1 / correction2, block.Second, caution > 0 ? 0 : 1e-8);
        if (caution == 0)
        {
            block.Raw.Combine(1, -MetaLearningRate / correction1, block.Scratch);
            return;
        }
        double threshold = caution * NoiseAfter(block.Moves);
        if (threshold >= 1)
            return;
        block.Scratch.Scale(1 / correction1);
        block.Raw.Combine(1, -MetaLearningRate / (1 - threshold), block.Scratch);
        block.Scratch.Clamp(-threshold, threshold);
        block.Raw.Combine(1, MetaLearningRate / (1 - threshold), block.Scratch);
    }

    /// <summary>The deviation of Adam's ratio after so many hypergradients that are noise alone.</summary>
    private double NoiseAfter(long moves)
    {
        double kept = Math.Pow(Beta1, moves);
        return Math.Sqrt((1 - Beta1) * (1 + kept) / ((1 + Beta1) * (1 - kept)));
    }
}

/// <summary>Plain gradient descent: <c>raw ← raw - κ·hypergradient</c>.</summary>
/// <param name="metaLearningRate">κ, above 0.</param>
public sealed class SgdMetaOptimizer(double metaLearningRate) : MetaOptimizer("sgd", metaLearningRate)
{
    internal override void Move<TBlock>(TunedBlock<TBlock> block)
    {
        block.Moves++;
        block.Raw.Combine(1, -MetaLearningRate, block.Hypergradient);
    }
}

/// <summary>
/// Steps against the hypergradient's sign, by a size that starts at κ and halves whenever the sign flips
/// (Micaelli and Storkey 2021, section 4).
/// </summary>
/// <param name="metaLearningRate">κ, above 0: the first step's size.</param>
public sealed class SignMetaOptimizer(double metaLearningRate) : MetaOptimizer("sign", metaLearningRate)
{
    internal override void Move<TBlock>(TunedBlock<TBlock> block)
    {
        TBlock sign = block.Hypergradient, previous = block.First, size = block.Second, scratch = block.Scratch;
        if (block.Moves++ == 0)
            size.Fill(MetaLearningRate);
        // The hypergradient becomes its sign: 1e38 nine times over lifts even the smallest double to 1, and is finite in single
        // precision. A norm or a square would over- or underflow.
        for (int i = 0; i < 9; i++)
        {
            sign.Scale(1e38);
            sign.Clamp(-1, 1);
        }
        // size ← size·(1 + p/4 - p²/4) with p = sign·previous: halved for p = -1, kept for p = 0 and 1.
        scratch.CombineProduct(0, 1, sign, previous);
        previous.CombineProduct(0, 0.25, size, scratch);
        size.Combine(1, 1, previous);
        previous.CombineProduct(0, 1, previous, scratch);
        size.Combine(1, -1, previous);
        previous.CopyFrom(sign);
        block.Raw.CombineProduct(1, -1, size, sign);
    }
}
