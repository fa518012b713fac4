using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>One of more texts than can have a feature each: they share buckets, dealt by how frequent they are, so that none of the frequent ones meets another. The feature is the bucket's number, from 1 on; <see cref="BucketIndicators"/> makes a 0/1 feature of each.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Categories">The texts seen in training, the most frequent first, ties in ordinal order.</param>
/// <param name="Buckets">How many buckets they share.</param>
/// <param name="SawMissing">Whether training rows were without a text: then such rows, and texts that training never saw, have a bucket of their own; otherwise none.</param>
sealed record BucketEncoding(string Column, IReadOnlyList<string> Categories, int Buckets, bool SawMissing) : ColumnEncoding(Column)
{
    // Of a hundred thousand texts, made once: rows may come one by one.
    private Dictionary<string, int>? _places;

    [JsonIgnore]
    internal override IReadOnlyList<string> Features => [Column];

    [JsonIgnore]
    internal override IReadOnlyList<(double Offset, double Scale)> Scaling => [(0, 1)];

    [JsonIgnore]
    internal override int Indicators => Buckets + (SawMissing ? 1 : 0);

    /// <summary>Learns from training rows; null where nothing varies.</summary>
    /// <param name="column">The column.</param>
    /// <param name="buckets">How many buckets there may be.</param>
    internal static BucketEncoding? Fit(TableColumn column, int buckets)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        bool sawMissing = false;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Texts[row] is { } text)
                counts[text] = counts.GetValueOrDefault(text) + 1;
            else
                sawMissing = true;
        }
        return Of(column.Name, counts, buckets, sawMissing);
    }

    /// <summary>The same of what was counted elsewhere.</summary>
    internal static BucketEncoding? Of(string column, IReadOnlyDictionary<string, int> counts, int buckets, bool sawMissing) =>
        counts.Count > 1 || (counts.Count == 1 && sawMissing)
            ? new(column, [.. counts.OrderByDescending(text => text.Value).ThenBy(text => text.Key, StringComparer.Ordinal).Select(text => text.Key)], Math.Min(buckets, counts.Count), sawMissing)
            : null;

    /// <summary>The bucket of a category, from 1 on.</summary>
    internal int BucketOf(int category) => 1 + (category % Buckets);

    /// <summary>The bucket of texts that training never saw, and of none; 0 where they have none.</summary>
    [JsonIgnore]
    internal int Other => SawMissing ? Buckets + 1 : 0;

    // All would be too many to look at.
    internal override TableColumn Values(Table table, int points) => new(Column, [.. Categories.Take(points)]);

    internal override IEnumerable<string> WriteOnnx(OnnxFile file)
    {
        string places = file.AddPlaces(file.AddInput(Column, OnnxFile.Element.Text), [.. Categories.Select((category, place) => (category, (long)BucketOf(place)))], Other);
        yield return file.AddNode("Cast", [places], ("to", (long)OnnxFile.Element.Single));
    }

    internal override ColumnSurprise CreateSurprise() => new(Column, SawMissing ? null : "they count as a text that was never seen", Categories);

    internal override void Check()
    {
        if (Buckets < 1 || Categories.Any(category => category is null) || Categories.Distinct(StringComparer.Ordinal).Count() != Categories.Count)
            throw new JsonException($"Column '{Column}' has no buckets, a category twice or an empty one.");
    }

    internal override void Write<T>(Table table, TableColumn column, T[] features, int start, Standardization standardization)
    {
        Dictionary<string, int> places = _places ??= Categories.Index().ToDictionary(text => text.Item, text => BucketOf(text.Index), StringComparer.Ordinal);
        int width = features.Length / Math.Max(1, table.RowCount);
        for (int row = 0; row < column.Count; row++)
            features[(row * width) + start] = T.CreateTruncating(column.TextAt(row) is { } text ? places.GetValueOrDefault(text, Other) : Other);
    }
}
