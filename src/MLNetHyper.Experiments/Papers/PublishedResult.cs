using System.Globalization;

namespace MLNetHyper.Experiments;

/// <summary>
/// A row of the tables of Clarke et al. 2022 (review version), as printed: the final test MSE in label units, cross-entropy or
/// perplexity. The labels of the second table's rows, which are shifted there by one, are put right.
/// </summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Method">The key of our corresponding method.</param>
/// <param name="Mean">Mean over the random initializations, runs with NaN left out.</param>
/// <param name="Median">Median; null where our copy of the table lacks it.</param>
/// <param name="Best">Best; null where our copy of the table lacks it.</param>
internal sealed record PublishedResult(string Dataset, string Method, string Mean, string? Median = null, string? Best = null)
{
    /// <summary>Kin8nm is printed in thousandths.</summary>
    internal static IReadOnlyList<PublishedResult> All { get; } =
    [
        new("energy", PaperMethod.RandomKey, "21±2", "7.8±0.4", "0.120"),
        new("energy", PaperMethod.Random3Key, "4.5", "4", "0.141"),
        new("energy", "lorraine", "22±2", "8.2", "0.161"),
        new("energy", "baydin", "5.5±0.2", "6.70", "0.103"),
        new("energy", "wd-lr", "2.5±0.1", "2.2±0.2", "0.147"),
        new("energy", "wd-lr-m", "1.28±0.08", "0.9±0.2", "0.139"),
        new("energy", "wd-hdlr-m", "1.9±0.2", "1.2±0.3", "0.165"),
        new("energy", "diff-through-opt", "1.10±0.09", "0.48±0.09", "0.123"),
        new("kin8nm", PaperMethod.RandomKey, "0.038±0.002", "0.033±0.003", "0.00644"),
        new("kin8nm", PaperMethod.Random3Key, "0.018", "0.013", "0.00672"),
        new("kin8nm", "lorraine", "0.038", "0.034", "0.00639"),
        new("kin8nm", "baydin", "0.0245", "0.027", "0.00652"),
        new("kin8nm", "wd-lr", "0.010±0.001", "0.0076", "0.00644"),
        new("kin8nm", "wd-lr-m", "0.010±0.001", "0.00695", "0.00592"),
        new("kin8nm", "wd-hdlr-m", "0.016±0.004", "0.0081", "0.00629"),
        new("kin8nm", "diff-through-opt", "0.0080", "0.00717", "0.00609"),
        new("power", PaperMethod.RandomKey, "67±6"),
        new("power", PaperMethod.Random3Key, "19±2"),
        new("power", "lorraine", "67±6"),
        new("power", "baydin", "17.82±0.07"),
        new("power", "wd-lr", "17.33±0.01"),
        new("power", "wd-lr-m", "17.4±0.2"),
        new("power", "wd-hdlr-m", "18±1"),
        new("power", "diff-through-opt", "17.17±0.02"),
        new("fashion-mnist", PaperMethod.RandomKey, "0.85±0.07", "0.51", "0.334"),
        new("fashion-mnist", PaperMethod.Random3Key, "0.8±0.1", "0.5", "0.351"),
        new("fashion-mnist", "lorraine", "0.87", "0.52", "0.343"),
        new("fashion-mnist", "baydin", "0.49±0.07", "0.410", "0.340"),
        new("fashion-mnist", "wd-lr", "0.375±0.002", "0.375", "0.336"),
        new("fashion-mnist", "wd-lr-m", "0.374±0.002", "0.373", "0.336"),
        new("fashion-mnist", "wd-hdlr-m", "0.402±0.004", "0.389", "0.358"),
        new("fashion-mnist", "diff-through-opt", "0.388±0.001", "0.387", "0.359"),
        new("ptb", PaperMethod.RandomKey, "4700±600", "3000±3000", "170"),
        new("ptb", PaperMethod.Random3Key, "470±40", "470", "170"),
        new("ptb", "lorraine", "4700", "3000", "170"),
        new("ptb", "baydin", "4200", "1000", "147"),
        new("ptb", "wd-lr", "350±10", "360", "126"),
        new("ptb", "wd-lr-m", "290±50", "220±20", "103"),
        new("ptb", "wd-hdlr-m", "1300±900", "300", "190"),
        new("ptb", "diff-through-opt", "300±10", "280", "114"),
        new("cifar-10", PaperMethod.RandomKey, "1.90±0.05", "1.9", "0.823"),
        new("cifar-10", PaperMethod.Random3Key, "1.62", "1.55", "0.834"),
        new("cifar-10", "lorraine", "1.70", "1.6", "0.727"),
        new("cifar-10", "baydin", "1.55", "1.5", "0.762"),
        new("cifar-10", "wd-lr", "1.33±0.05", "1.19", "0.681"),
        new("cifar-10", "wd-lr-m", "1.23±0.05", "1.17", "0.631"),
        new("cifar-10", "wd-hdlr-m", "1.59", "1.6", "0.735"),
        new("cifar-10", "diff-through-opt", "1.196±0.008", "1.202", "0.941"),
    ];

    /// <summary>A mean and its error, where both are printed.</summary>
    internal static (double Mean, double Error)? WithError(string? printed) =>
        printed?.Split('±') is [var mean, var error] ? (double.Parse(mean, CultureInfo.InvariantCulture), double.Parse(error, CultureInfo.InvariantCulture)) : null;
}
