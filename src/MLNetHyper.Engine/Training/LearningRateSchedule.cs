namespace MLNetHyper.Engine;

/// <summary>A curve over a run by which the learning rate is multiplied, at most 1: what tuning corrects, not what it has to find.</summary>
public enum LearningRateSchedule
{
    /// <summary>1 throughout.</summary>
    Constant,

    /// <summary>Half a cosine, <c>½(1+cos πt)</c>, to 0 (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>1 up to the middle, then half a cosine to 0 (Holzmüller et al. 2024).</summary>
    FlatCosine,

    /// <summary>Four waves that grow longer, <c>½(1-cos(2π log₂(1+15t)))</c>, from 0 to 0 (Holzmüller et al. 2024).</summary>
    CosLog4,

    /// <summary>
    /// Half a cosine from 1/25 up to 1 in the first three tenths, another down to 1/250000 in the rest (Smith and Topin 2018, "Super-convergence", with the shares of PyTorch's <c>OneCycleLR</c>). Momentum, which
    /// both move the other way meanwhile, stays as it is.
    /// </summary>
    OneCycle,

    /// <summary>
    /// 1, and a tenth of what it was whenever more than ten measurements of the validation loss in a row were not 0.01 % below the lowest before (PyTorch's <c>ReduceLROnPlateau</c>). Networks side by side have one learning
    /// rate, so that their mean loss counts. Needs validation rows.
    /// </summary>
    ReduceOnPlateau,

    /// <summary>
    /// From a tenth up to 1 in the first tenth of the run, by equal factors; 1 up to the middle, then half a cosine to 0: warm-up, stable, decay (Hu et al. 2024, "MiniCPM"). What is soon learned is learned by short
    /// steps, before long ones learn the rows by heart.
    /// </summary>
    WarmupStableDecay,
}

/// <summary>The schedules' formulas.</summary>
internal static class LearningRateSchedules
{
    // Where a curve touches 0 a factor can still be told from none.
    private const double Least = 1e-3;

    private const double WarmUp = 0.1;
    private const double WarmStart = 0.1;

    private const double CycleWarmUp = 0.3;
    private const double CycleStart = 1 / 25.0;
    private const double CycleEnd = CycleStart / 1e4;

    /// <summary>The factor at a share t of the run; 1 where it does not follow from that.</summary>
    internal static double FactorAt(this LearningRateSchedule schedule, double t) => schedule switch
    {
        LearningRateSchedule.Cosine => Math.Max(Least, HalfCosine(t)),
        LearningRateSchedule.FlatCosine => Math.Max(Least, HalfCosine(Math.Max(1, 2 * t) - 1)),
        LearningRateSchedule.CosLog4 => Math.Max(Least, (1 - Math.Cos(2 * Math.PI * Math.Log2(1 + (15 * t)))) / 2),
        LearningRateSchedule.OneCycle => t < CycleWarmUp ? Between(1, CycleStart, HalfCosine(t / CycleWarmUp)) : Between(CycleEnd, 1, HalfCosine((t - CycleWarmUp) / (1 - CycleWarmUp))),
        LearningRateSchedule.WarmupStableDecay => t < WarmUp ? Math.Pow(WarmStart, 1 - (t / WarmUp)) : FactorAt(LearningRateSchedule.FlatCosine, t),
        _ => 1,
    };

    private static double HalfCosine(double t) => (1 + Math.Cos(Math.PI * Math.Min(1, t))) / 2;

    private static double Between(double end, double start, double share) => end + ((start - end) * share);
}
