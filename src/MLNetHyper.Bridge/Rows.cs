using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNetHyper.Bridge;

/// <summary>A trainer's columns of a data set.</summary>
public sealed class TrainingRows
{
    private readonly RoleMappedData _data;

    internal TrainingRows(RoleMappedData data) => (_data, FeatureCount) = (data, data.Schema.Feature!.Value.Type.GetVectorSize());

    /// <summary>Number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>Whether there is a weight column.</summary>
    public bool HasWeights => _data.Schema.Weight.HasValue;

    /// <summary>Number of rows, those to be skipped included, if that is known before reading.</summary>
    public long? RowCount => _data.Data.GetRowCount();

    /// <summary>Starts reading from the first row.</summary>
    public RowReader Open() => new(_data);
}

/// <summary>Reads rows one after the other; skips the rows that ML.NET's own trainers skip.</summary>
public sealed class RowReader : IDisposable
{
    private readonly Cursor _cursor;

    internal RowReader(RoleMappedData data) => _cursor = new(data);

    /// <summary>The row's label: a number, 0 or 1, or the class counted from 0.</summary>
    public float Label => _cursor.Label;

    /// <summary>The row's weight; 1 where there is no weight column.</summary>
    public float Weight => _cursor.Weight;

    /// <summary>Rows left out so far: those with an infinite or missing feature or label, or a weight that is zero, infinite or missing.</summary>
    public long Skipped => _cursor.SkippedRowCount;

    /// <summary>Goes to the next row that is not skipped; false where there is none.</summary>
    /// <exception cref="InvalidOperationException">A weight is negative.</exception>
    public bool MoveNext() => _cursor.MoveNext();

    /// <summary>Writes the row's features; those that a sparse row leaves out are zero.</summary>
    public void CopyFeatures(Span<float> destination) => _cursor.Features.CopyTo(destination);

    /// <summary>What ML.NET's trainers say of skipped rows; null if there were none.</summary>
    public string? SkippedMessage() => Skipped == 0 ? null : $"Skipped {Skipped} instances with missing features/label/weight during training";

    /// <inheritdoc/>
    public void Dispose() => _cursor.Dispose();

    private sealed class Cursor : FloatLabelCursor
    {
        private readonly string? _weight;

        internal Cursor(RoleMappedData data) : base(data, CursOpt.Label | CursOpt.Features | CursOpt.Weight) => _weight = data.Schema.Weight?.Name;

        public override bool Accept()
        {
            if (base.Accept())
                return true;
            // ML.NET would count it among the missing. What stands here from an earlier row is never negative.
            if (Weight < 0)
                throw Contracts.Except("The weight column '{0}' has a negative weight, {1}, in row {2}. Weights must not be negative.", _weight, Weight, Row.Position);
            return false;
        }
    }
}
