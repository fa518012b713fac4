using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>After how many weight steps workers average what they have come to.</summary>
/// <param name="Steps">The steps between two averages at first, H: from 1 to 1000.</param>
/// <param name="Change">How that changes during a run. Default: not at all.</param>
/// <remarks>
/// Each worker takes H steps on batches of its own, then weights, the update rule's state, averaged weights and whatever a hypergradient method carries are replaced by their means: local SGD (Stich 2019, algorithm 1).
/// With 1 workers average the gradient of every step instead, and its products with curvature, so that they are one process with the joint batch, whatever the rule: of Adam the mean of second moments would be something else.
/// Where workers average, hyperparameters move; so with H above the tuning interval they move every H steps.
/// </remarks>
public sealed record AveragingInterval(int Steps, AveragingChange Change = AveragingChange.None)
{
    internal const int Most = 1000;

    private const char Separator = ':';

    /// <summary>Gradients averaged at every step.</summary>
    public static AveragingInterval EveryStep { get; } = new(1);

    /// <summary>From where the intervals that change begin, if nobody says.</summary>
    internal const int DefaultStart = 10;

    internal bool IsEveryStep => this == EveryStep;

    /// <summary>The text that <see cref="Parse"/> reads: <c>16</c>, <c>growing:10</c>, <c>loss:10</c>.</summary>
    public override string ToString() => Change == AveragingChange.None ? Number : $"{WordOf(Change)}{Separator}{Number}";

    /// <summary>Reads a number of steps, <c>growing</c> or <c>loss</c>, these with a number behind a colon where they are not to start at 10.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Null where it is none of these.</returns>
    public static AveragingInterval? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (AveragingChange change in Enum.GetValues<AveragingChange>())
        {
            string word = WordOf(change), beginning = word + Separator;
            if (word.Length > 0 && word == text)
                return new(DefaultStart, change);
            string number = word.Length == 0 ? text : text.StartsWith(beginning, StringComparison.Ordinal) ? text[beginning.Length..] : "";
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int steps))
                return new(steps, change);
        }
        return null;
    }

    private string Number => Steps.ToString(CultureInfo.InvariantCulture);

    private static string WordOf(AveragingChange change) => change switch
    {
        AveragingChange.Growing => "growing",
        AveragingChange.Loss => "loss",
        _ => "",
    };
}

/// <summary>How the number of steps between two averages changes during a run.</summary>
public enum AveragingChange
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>It doubles whenever the learning rate has halved, since short steps lead workers less far apart (the local phases of Patel and Dieuleveut 2019; the doubling of STL-SGD, Shen et al. 2021).</summary>
    Growing,

    /// <summary>It falls with the root of the training loss (AdaComm, Wang and Joshi 2019): seldom at first, when any direction is good, often when it matters where workers are.</summary>
    Loss,
}
