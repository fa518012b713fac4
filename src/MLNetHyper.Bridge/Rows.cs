using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>A trainer's columns of a data set.</summary>
public sealed class TrainingRows
{
    private readonly RoleMappedData _data;
    private readonly int[]? _kept;

    internal TrainingRows(RoleMappedData data, int[]? kept = null) =>
        (_data, _kept, FeatureCount) = (data, kept, kept?.Length ?? data.Schema.Feature!.Value.Type.GetVectorSize());

    /// <summary>Number of features, of those kept where some are left out.</summary>
    public int FeatureCount { get; }

    /// <summary>Whether there is a weight column.</summary>
    public bool HasWeights => _data.Schema.Weight.HasValue;

    /// <summary>Number of rows, those to be skipped included, if that is known before reading.</summary>
    public long? RowCount => _data.Data.GetRowCount();

    /// <summary>Starts reading from the first row.</summary>
    public RowReader Open() => new(_data, _kept);

    /// <summary>The same rows with some of the features only.</summary>
    /// <param name="slots">The places of those to keep among all features, ascending.</param>
    public TrainingRows Keep(int[] slots) => new(_data, slots);
}

/// <summary>Reads rows one after the other; skips the rows that ML.NET's own trainers skip.</summary>
public sealed class RowReader : IDisposable
{
    private readonly Cursor _cursor;
    private readonly int[]? _places;

    internal RowReader(RoleMappedData data, int[]? kept)
    {
        _cursor = new(data);
        if (kept is null)
            return;
        _places = new int[_cursor.FeatureCount];
        Array.Fill(_places, -1);
        for (int i = 0; i < kept.Length; i++)
            _places[kept[i]] = i;
    }

    /// <summary>The row's label: a number, 0 or 1, or the class counted from 0.</summary>
    public float Label => _cursor.Label;

    /// <summary>The row's weight; 1 where there is no weight column.</summary>
    public float Weight => _cursor.Weight;

    /// <summary>Rows left out so far: those with an infinite or missing feature or label, or a weight that is zero, infinite or missing.</summary>
    public long Skipped => _cursor.SkippedRowCount;

    /// <summary>Goes to the next row that is not skipped; false where there is none.</summary>
    /// <exception cref="InvalidOperationException">A weight is negative.</exception>
    public bool MoveNext() => _cursor.MoveNext();

    /// <summary>The places of <see cref="Values"/> among all features, where the row is sparse; otherwise empty.</summary>
    public ReadOnlySpan<int> Slots => _cursor.Features.GetIndices();

    /// <summary>The features that the row holds, whether they are kept or not; all others are zero.</summary>
    public ReadOnlySpan<float> Values => _cursor.Features.GetValues();

    /// <summary>Writes the features that are kept; those that a sparse row leaves out are zero.</summary>
    public void CopyFeatures(Span<float> destination)
    {
        if (_places is null)
        {
            _cursor.Features.CopyTo(destination);
            return;
        }
        destination.Clear();
        ReadOnlySpan<float> values = Values;
        ReadOnlySpan<int> slots = Slots;
        bool isDense = _cursor.Features.IsDense;
        for (int i = 0; i < values.Length; i++)
        {
            if (_places[isDense ? i : slots[i]] is >= 0 and int place)
                destination[place] = values[i];
        }
    }

    /// <summary>What ML.NET's trainers say of skipped rows; null if there were none.</summary>
    public string? SkippedMessage() => Skipped == 0 ? null : $"Skipped {Skipped} instances with missing features/label/weight during training";

    /// <inheritdoc/>
    public void Dispose() => _cursor.Dispose();

    private sealed class Cursor : FloatLabelCursor
    {
        private readonly string? _weight;
        private readonly string _features;

        internal Cursor(RoleMappedData data) : base(data, CursOpt.Label | CursOpt.Features | CursOpt.Weight)
        {
            _weight = data.Schema.Weight?.Name;
            _features = data.Schema.Feature!.Value.Name;
            FeatureCount = data.Schema.Feature.Value.Type.GetVectorSize();
        }

        internal int FeatureCount { get; }

        public override bool Accept()
        {
            bool isAccepted = base.Accept();
            // A row in memory may have any length, whatever its column's type says.
            if (Features.Length != FeatureCount)
                throw Contracts.Except("The column '{0}' has {1} features, but row {2} has {3}.", _features, FeatureCount, Row.Position, Features.Length);
            if (isAccepted)
                return true;
            // ML.NET would count it among the missing. What stands here from an earlier row is never negative.
            if (Weight < 0)
                throw Contracts.Except("The weight column '{0}' has a negative weight, {1}, in row {2}. Weights must not be negative.", _weight, Weight, Row.Position);
            return false;
        }
    }
}
