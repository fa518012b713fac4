using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetHyper.Engine;

/// <summary>Examples as a network takes them: dense, numeric, in memory. As a source they are one block.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Examples<T> : ExampleSource<T> where T : unmanaged
{
    private LocatedRows? _located;

    /// <summary>Wraps arrays without copying; they must not change afterwards.</summary>
    /// <param name="features">Row-major, <c>targets.Length × featureCount</c>, finite.</param>
    /// <param name="featureCount">Number of features, at least 1.</param>
    /// <param name="targets">One per row: the value, 0 or 1, or the class index.</param>
    /// <param name="weights">One non-negative weight per row, or null for equal weights.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public Examples(T[] features, int featureCount, T[] targets, T[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (features.Length != (long)targets.Length * featureCount)
            throw new ArgumentException($"{targets.Length} rows of {featureCount} features need {(long)targets.Length * featureCount} values, but there are {features.Length}.", nameof(features));
        if (weights is not null && weights.Length != targets.Length)
            throw new ArgumentException($"{targets.Length} rows need as many weights, but there are {weights.Length}.", nameof(weights));
        Features = features;
        FeatureCount = featureCount;
        Targets = targets;
        Weights = weights;
    }

    /// <summary>Row-major feature values.</summary>
    public T[] Features { get; }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <summary>One target per row.</summary>
    public T[] Targets { get; }

    /// <summary>One weight per row, or null for equal weights.</summary>
    public T[]? Weights { get; }

    /// <inheritdoc/>
    public override int Count => Targets.Length;

    /// <summary>All rows.</summary>
    public override int BlockSize => Count;

    /// <summary>These examples, in every epoch.</summary>
    /// <param name="epoch">Which pass; makes no difference.</param>
    /// <param name="index">0.</param>
    public override Examples<T> BlockAt(long epoch, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(index, 0);
        return this;
    }

    /// <summary>These examples followed by others of as many features. Where only one part has weights, those of the other are 1.</summary>
    internal Examples<T> Join(Examples<T> other) => new(
        [.. Features, .. other.Features], FeatureCount, [.. Targets, .. other.Targets],
        Weights is null && other.Weights is null ? null : [.. Weights ?? Enumerable.Repeat(One, Count), .. other.Weights ?? Enumerable.Repeat(One, other.Count)])
    {
        Widening = Widening,
    };

    /// <summary>These rows and others that would validate, divided anew for every one of several members: all rows train most of them.</summary>
    /// <param name="validation">The rows that would validate.</param>
    /// <param name="members">How many members there are.</param>
    /// <param name="byClass">Whether targets are classes, of which every member is to get the same share.</param>
    /// <param name="seed">The same seed gives the same division.</param>
    internal Examples<T> Folded(Examples<T> validation, int members, bool byClass, int seed)
    {
        Examples<T> all = Join(validation);
        int[] classes = byClass ? Array.ConvertAll(all.Targets, target => (int)Convert.ToDouble(target, CultureInfo.InvariantCulture)) : new int[all.Count];
        return new(all.Features, FeatureCount, all.Targets, all.Weights) { Widening = Widening, Folds = MemberRows.Divide(classes, members, validation.Count, seed) };
    }

    /// <summary>The same rows, with other divisions of them and the validation rows.</summary>
    internal Examples<T> WithDivisions(Examples<T> redivided) => new(Features, FeatureCount, Targets, Weights) { Widening = Widening, Redivided = redivided };

    /// <summary>The same rows, to pass some transforms as batches are packed.</summary>
    internal Examples<T> Through(IReadOnlyList<InputTransform> widening) => new(Features, FeatureCount, Targets, Weights) { Widening = widening };

    /// <summary>Where all rows lie between the knots of their only transform, found when it is first asked for; null where there are too many, or other transforms before it.</summary>
    internal LocatedRows? Located =>
        typeof(T) == typeof(float) && Widening is [PiecewiseLinearEncoding encoding] ? _located ??= LocatedRows.TryCreate(encoding.Knots, MemoryMarshal.Cast<T, float>(Features), FeatureCount) : null;

    /// <summary>One row's features.</summary>
    internal ReadOnlySpan<T> FeaturesOf(int row) => Features.AsSpan(row * FeatureCount, FeatureCount);

    private static T One => typeof(T) == typeof(float) ? (T)(object)1f : (T)(object)1d;
}
