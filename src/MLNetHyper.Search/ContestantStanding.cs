namespace MLNetHyper.Search;

/// <summary>What a contestant had to spend to be as good as the one-pass run, and to be about as good as anyone.</summary>
/// <param name="Method">The contestant's name.</param>
/// <param name="CatchUp">
/// Its cheapest row with a median error as low as the one-pass run's; null where it has none, and for the one-pass run itself.
/// </param>
/// <param name="CatchUpFactor">The mean cost of <paramref name="CatchUp"/> divided by the one-pass run's.</param>
/// <param name="NearBest">
/// Its cheapest row with a median error near the lowest of all contestants, by <see cref="ComparisonResult.NearBestTolerance"/>; null
/// where it has none. The row has its mean cost and mean seconds.
/// </param>
public sealed record ContestantStanding(string Method, ComparisonRow? CatchUp, double? CatchUpFactor, ComparisonRow? NearBest);
