namespace MLNetHyper.Engine;

/// <summary>A curve over a run, from 1 at its start, by which the learning rate is multiplied: what tuning corrects, not what it has to find.</summary>
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
}

/// <summary>The schedules' formulas.</summary>
internal static class LearningRateSchedules
{
    // Where a curve touches 0 a factor can still be told from none.
    private const double Least = 1e-3;

    /// <summary>The factor at a share t of the run.</summary>
    internal static double FactorAt(this LearningRateSchedule schedule, double t) => Math.Max(Least, schedule switch
    {
        LearningRateSchedule.Cosine => HalfCosine(t),
        LearningRateSchedule.FlatCosine => HalfCosine(Math.Max(1, 2 * t) - 1),
        LearningRateSchedule.CosLog4 => (1 - Math.Cos(2 * Math.PI * Math.Log2(1 + (15 * t)))) / 2,
        _ => 1,
    });

    private static double HalfCosine(double t) => (1 + Math.Cos(Math.PI * Math.Min(1, t))) / 2;
}
