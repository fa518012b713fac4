using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// Turns a table's columns into dense numeric features, in the way learned from training rows.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><description>A numeric column becomes its value, standardized with mean and unbiased standard deviation. A missing value becomes the mean; if the column had missing values in training, a further 0/1 feature says where.</description></item>
/// <item><description>A text column becomes one 0/1 feature per text seen in training, in ordinal order, and one for texts that are missing or unseen.</description></item>
/// <item><description>A text column of more texts than can have a feature each becomes one of several buckets: see <see cref="BucketEncoding"/>.</description></item>
/// <item><description>A column said to hold dates becomes year, month, day, weekday and hour, standardized: see <see cref="DateEncoding"/>.</description></item>
/// <item><description>A column that does not vary in training is dropped: see <see cref="DroppedColumns"/>.</description></item>
/// <item><description>0/1 features are not standardized: dividing by the deviation of a rare category would make it the largest input of all, and an unseen one has none.</description></item>
/// </list>
/// An encoder is immutable and may be used by several threads.
/// </remarks>
internal sealed partial class FeatureEncoder
{
    private readonly ColumnEncoding[] _encodings;

    // Null where a model was saved before this was noted.
    private readonly string[]? _ignored;

    private FeatureEncoder(ColumnEncoding[] encodings, string[] dropped, string[]? ignored)
    {
        _encodings = encodings;
        _ignored = ignored;
        DroppedColumns = dropped;
        FeatureNames = [.. encodings.SelectMany(encoding => encoding.Features)];
        (double Offset, double Scale)[] scaling = [.. encodings.SelectMany(encoding => encoding.Scaling)];
        Standardization = new Standardization([.. scaling.Select(s => s.Offset)], [.. scaling.Select(s => s.Scale)]);
    }

    /// <summary>Names of the features: the column's own, <c>column is missing</c>, <c>column=text</c> or <c>column is other or missing</c>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Number of features, at least 1.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>Columns that did not vary in training and are not looked at.</summary>
    public IReadOnlyList<string> DroppedColumns { get; }

    /// <summary>The columns that a table to encode must have.</summary>
    public IReadOnlyList<string> Columns => [.. _encodings.Select(encoding => encoding.Column)];

    /// <summary>Offset and scale of each feature; 0 and 1 for 0/1 features.</summary>
    public Standardization Standardization { get; }

    /// <summary>
    /// How to read a file for <see cref="Encode{T}"/>: columns that were numbers in training must be numbers again, so that a bad cell is named, and texts are read as texts.
    /// </summary>
    public CsvOptions ReadingOptions => new()
    {
        NumericColumns = [.. _encodings.OfType<NumericEncoding>().Select(encoding => encoding.Column)],
        TextColumns = [.. _encodings.Where(encoding => encoding is CategoryEncoding or BucketEncoding or DateEncoding).Select(encoding => encoding.Column)],
        KeepMissingWords = [.. _encodings.Where(encoding => encoding is CategoryEncoding { Categories: var few } && few.Any(Cell.IsMissing) || encoding is BucketEncoding { Categories: var many } && many.Any(Cell.IsMissing)).Select(encoding => encoding.Column)],
        // Encode says which is not there.
        AllowsAbsentColumns = true,
    };

    /// <summary>How each column becomes features.</summary>
    internal IReadOnlyList<ColumnEncoding> Encodings => _encodings;

    /// <summary>What makes 0/1 features of buckets; empty where there are none.</summary>
    internal IReadOnlyList<InputTransform> Expansion => _encodings.Any(encoding => encoding.Indicators > 0)
        ? [new BucketIndicators([.. _encodings.SelectMany(encoding => encoding.Indicators > 0 ? [encoding.Indicators] : new int[encoding.Features.Count])])]
        : [];

    /// <summary>Number of features with those that buckets become.</summary>
    internal int InputCount => Expansion is [var expansion] ? expansion.OutputWidth : FeatureCount;

    /// <summary>The columns whose texts share buckets, how many texts they have, and how many buckets.</summary>
    internal IEnumerable<(string Column, int Texts, int Buckets)> Buckets => _encodings.OfType<BucketEncoding>().Select(encoding => (encoding.Column, encoding.Categories.Count, encoding.Buckets));

    /// <summary>Where each column's features stand in a row.</summary>
    internal IEnumerable<(string Column, int Start, int Count)> Places
    {
        get
        {
            int start = 0;
            foreach (ColumnEncoding encoding in _encodings)
            {
                yield return (encoding.Column, start, encoding.Features.Count);
                start += encoding.Features.Count;
            }
        }
    }

    /// <summary>Some values that a column may have: what training met of texts, quantiles of numbers.</summary>
    /// <param name="table">Where the numbers come from.</param>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <param name="points">How many numbers at most.</param>
    /// <exception cref="DataFormatException">All numbers are missing.</exception>
    internal TableColumn Values(Table table, string column, int points) => _encodings.Single(encoding => encoding.Column == column).Values(table, points);

    /// <summary>Rows of which only one column is encoded; the rest is 0.</summary>
    internal T[] EncodeOnly<T>(TableColumn column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] features = new T[column.Count * FeatureCount];
        (string name, int start, _) = Places.Single(place => place.Column == column.Name);
        _encodings.Single(encoding => encoding.Column == name).Write(new Table(column), column, features, start, Standardization);
        return features;
    }

    /// <summary>Writes the columns as inputs of an ONNX model and what is done to them as operators.</summary>
    /// <returns>The name of the standardized rows.</returns>
    internal string WriteOnnx(OnnxFile file) => file.AddNode("Concat", [.. _encodings.SelectMany(encoding => encoding.WriteOnnx(file))], ("axis", 1));

    /// <summary>The text columns, with the number of features that each becomes.</summary>
    internal IEnumerable<(string Column, int Features)> TextWidths => _encodings.Where(encoding => encoding is CategoryEncoding or BucketEncoding).Select(encoding => (encoding.Column, Math.Max(encoding.Indicators, encoding.Features.Count)));

    /// <summary>
    /// What a table holds that the training rows did not, a sentence for each column with a count and the first place: unseen texts, missing values where
    /// there were none, further columns. Empty where all is known; <see cref="Encode{T}"/> encodes the table all the same.
    /// </summary>
    /// <param name="table">A table with the columns of the training table.</param>
    /// <exception cref="DataFormatException">A column does not exist.</exception>
    public IReadOnlyList<string> Warnings(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Surprises surprises = CreateSurprises();
        surprises.Add(table);
        return surprises.Sentences;
    }

    /// <summary>Counts what pieces of a table hold that the training rows did not.</summary>
    internal Surprises CreateSurprises() => new(_encodings, _ignored is null ? null : [.. Columns, .. DroppedColumns, .. _ignored]);

    /// <summary>Encodes and standardizes a table, row-major, <c>rows × <see cref="FeatureCount"/></c>; every value is finite.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="table">A table with the columns of the training table; others are ignored.</param>
    /// <exception cref="DataFormatException">A column does not exist, holds texts where numbers must be, or holds an infinite number.</exception>
    public T[] Encode<T>(Table table) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(table);
        if ((long)table.RowCount * FeatureCount > Array.MaxLength)
            throw table.Error($"{table.RowCount} rows of {FeatureCount} features are more than fit in memory at once. Encode fewer rows at a time.");
        T[] features = new T[table.RowCount * FeatureCount];
        int start = 0;
        foreach (ColumnEncoding encoding in _encodings)
        {
            encoding.Write(table, table[encoding.Column], features, start, Standardization);
            start += encoding.Features.Count;
        }
        return features;
    }
}
