namespace MLNetHyper.Reports;

/// <summary>How a chart's axis maps values to distances.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equally far apart.</summary>
    Linear,

    /// <summary>Equal ratios are equally far apart; values at or below zero are not drawn.</summary>
    Logarithmic,
}
