namespace MLNetHyper.Engine;

/// <summary>The meta-optimizers by name, as the command line and configuration files know them.</summary>
internal static class MetaOptimizers
{
    private static readonly Registry<Func<double, MetaOptimizer>> _optimizers = new("meta-optimizer",
        (new("adam", "Adam with bias correction (Kingma and Ba 2015)"), rate => new AdamMetaOptimizer(rate)),
        (new("cautious-adam", "Adam whose steps count only as far as they stand out from the noise"), rate => new AdamMetaOptimizer(rate, caution: 2)),
        (new("sgd", "gradient descent"), rate => new SgdMetaOptimizer(rate)),
        (new("sign", "steps against the hypergradient's sign, halved whenever it flips (Micaelli and Storkey 2021)"), rate => new SignMetaOptimizer(rate)));

    /// <summary>All meta-optimizers, each with a line about it.</summary>
    public static IReadOnlyList<NamedChoice> All => _optimizers.Choices;

    /// <summary>Makes a meta-optimizer.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <param name="metaLearningRate">κ, above 0.</param>
    /// <exception cref="ArgumentException">There is no such meta-optimizer (the message suggests the nearest), or the rate is out of range.</exception>
    public static MetaOptimizer Create(string name, double metaLearningRate = 0.05) => _optimizers.Find(name)(metaLearningRate);
}
