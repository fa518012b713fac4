namespace MLNetHyper.Engine;

/// <summary>Which rows train, validate and test: disjoint, and each part in ascending order.</summary>
sealed record RowSplit(int[] Train, int[] Validation, int[] Test)
{
    /// <summary>Draws validation and test rows at random, the same share of every stratum, but never a stratum's last row.</summary>
    /// <param name="strata">Each row's stratum from 0, such as its class; all 0 for a plain random split.</param>
    /// <param name="validation">Number of validation rows.</param>
    /// <param name="test">Number of test rows.</param>
    /// <param name="seed">The same seed gives the same split.</param>
    internal static RowSplit Stratified(ReadOnlySpan<int> strata, int validation, int test, int seed)
    {
        int[][] rows = RowsOfStrata(strata);
        RandomSource random = new(seed);
        foreach (int[] stratum in rows)
            random.Shuffle(stratum.AsSpan());
        int[] sizes = [.. rows.Select(stratum => stratum.Length)];
        int[] testSizes = Allocate(sizes, test);
        int[] validationSizes = Allocate([.. sizes.Zip(testSizes, (size, taken) => size - taken)], validation);

        List<int> trainRows = [], validationRows = [], testRows = [];
        for (int i = 0; i < rows.Length; i++)
        {
            int heldOut = testSizes[i] + validationSizes[i];
            testRows.AddRange(rows[i][..testSizes[i]]);
            validationRows.AddRange(rows[i][testSizes[i]..heldOut]);
            trainRows.AddRange(rows[i][heldOut..]);
        }
        return new RowSplit([.. trainRows.Order()], [.. validationRows.Order()], [.. testRows.Order()]);
    }

    private static int[][] RowsOfStrata(ReadOnlySpan<int> strata)
    {
        List<List<int>> rows = [];
        for (int row = 0; row < strata.Length; row++)
        {
            while (rows.Count <= strata[row])
                rows.Add([]);
            rows[strata[row]].Add(row);
        }
        return [.. rows.Select(stratum => stratum.ToArray())];
    }

    /// <summary>Shares <paramref name="total"/> in proportion to the sizes by largest remainders, leaving one row of each as long as that can be.</summary>
    private static int[] Allocate(int[] sizes, int total)
    {
        double share = total / (double)Math.Max(1, sizes.Sum());
        int[] taken = [.. sizes.Select(size => Math.Clamp((int)(share * size), 0, Math.Max(0, size - 1)))];
        for (int left = total - taken.Sum(); left > 0; left--)
        {
            int best = -1;
            for (int i = 0; i < sizes.Length; i++)
            {
                if (taken[i] < sizes[i] && (best < 0 || Claim(i) > Claim(best)))
                    best = i;
            }
            taken[best]++;
        }
        return taken;

        // The remainder, but any stratum's last row comes after all others.
        double Claim(int i) => share * sizes[i] - taken[i] - (taken[i] == sizes[i] - 1 ? sizes[i] + 1.0 : 0);
    }
}
