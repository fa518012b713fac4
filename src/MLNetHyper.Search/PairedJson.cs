namespace MLNetHyper.Search;

/// <summary>A paired difference in JSON: the ratio and its interval.</summary>
internal sealed record PairedJson(double? Ratio, double? Lower, double? Upper)
{
    internal static PairedJson Of(PairedDifference difference)
    {
        return new(Finite(difference.Ratio), Finite(difference.Lower), Finite(difference.Upper));

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }
}
