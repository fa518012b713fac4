namespace MLNetHyper.Engine;

/// <summary>What is done to standardized features before a network sees them.</summary>
/// <param name="RobustScaling">Whether they are scaled by quartiles and clipped smoothly.</param>
/// <param name="Bins">Bins of the piecewise-linear encoding of a feature, at most; 0 for none, null for the default.</param>
internal readonly record struct InputOptions(bool RobustScaling, int? Bins);
