using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Engine;

/// <summary>How one column becomes features. Its shape is what the encoder's JSON holds.</summary>
[JsonDerivedType(typeof(NumericEncoding), "numeric")]
[JsonDerivedType(typeof(CategoryEncoding), "categories")]
[JsonDerivedType(typeof(DateEncoding), "date")]
[JsonDerivedType(typeof(BucketEncoding), "buckets")]
abstract record ColumnEncoding(string Column)
{
    /// <summary>The features' names, in order.</summary>
    [JsonIgnore]
    internal abstract IReadOnlyList<string> Features { get; }

    /// <summary>The features' offsets and scales, in order.</summary>
    [JsonIgnore]
    internal abstract IReadOnlyList<(double Offset, double Scale)> Scaling { get; }

    /// <summary>How many 0/1 features <see cref="BucketIndicators"/> makes of the one; 0 where features are inputs as they are.</summary>
    [JsonIgnore]
    internal virtual int Indicators => 0;

    /// <summary>Throws if the encoding came damaged out of JSON.</summary>
    internal abstract void Check();

    /// <summary>Writes the column's features into row-major <paramref name="features"/>, from <paramref name="start"/> in each row.</summary>
    internal abstract void Write<T>(Table table, TableColumn column, T[] features, int start, Standardization standardization)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Some values that the column may have: what training met of texts, quantiles of a table's numbers.</summary>
    internal abstract TableColumn Values(Table table, int points);

    /// <summary>Writes the column as an input of an ONNX model and what is done to it as operators.</summary>
    /// <returns>The names of its features, standardized.</returns>
    internal abstract IEnumerable<string> WriteOnnx(OnnxFile file);

    /// <summary>Counts what the column holds that training never met.</summary>
    internal abstract ColumnSurprise CreateSurprise();
}

/// <summary>A number, with the mean in place of missing ones.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Mean">The mean of the values that were there.</param>
/// <param name="Deviation">Their standard deviation; 0 if they did not vary, and then the value is no feature.</param>
/// <param name="HasIndicator">Whether a second feature says 1 where the value is missing: only where it has been missing in training can a weight for it be learned.</param>
sealed record NumericEncoding(string Column, double Mean, double Deviation, bool HasIndicator) : ColumnEncoding(Column)
{
    [JsonIgnore]
    internal override IReadOnlyList<string> Features => (Deviation > 0, HasIndicator) switch
    {
        (true, true) => [Column, $"{Column} is missing"],
        (true, false) => [Column],
        (false, true) => [$"{Column} is missing"],
        _ => [],
    };

    [JsonIgnore]
    internal override IReadOnlyList<(double Offset, double Scale)> Scaling => (Deviation > 0, HasIndicator) switch
    {
        (true, true) => [(Mean, Deviation), (0, 1)],
        (true, false) => [(Mean, Deviation)],
        (false, true) => [(0, 1)],
        _ => [],
    };

    internal override TableColumn Values(Table table, int points)
    {
        double[] numbers = [.. table[Column].IsNumeric ? table[Column].Numbers.ToArray().Where(double.IsFinite).Order() : throw TextJudgement.NotNumeric(table, table[Column])];
        if (numbers.Length == 0)
            throw table.Error("there is no number in any row.", column: Column);
        return new(Column, [.. Enumerable.Range(0, points).Select(i => Statistics.Quantile(numbers, 0.05 + (0.9 * i / (points - 1)))).Distinct()]);
    }

    internal override IEnumerable<string> WriteOnnx(OnnxFile file)
    {
        (string numbers, string missing) = file.AddStandardized(Column, Mean, Deviation, (float)Standardization.MaximumMagnitude);
        if (Deviation > 0)
            yield return numbers;
        if (HasIndicator)
            yield return missing;
    }

    internal override ColumnSurprise CreateSurprise() => new(Column, HasIndicator ? null : $"the mean, {Text.Number(Mean)}, stands for them", known: null);

    internal override void Check()
    {
        if (!double.IsFinite(Mean) || !(Deviation >= 0 && double.IsFinite(Deviation)))
            throw new JsonException($"Column '{Column}' has mean {Mean} and deviation {Deviation}.");
    }

    internal override void Write<T>(Table table, TableColumn column, T[] features, int start, Standardization standardization)
    {
        if (!column.IsNumeric)
            throw TextJudgement.NotNumeric(table, column);
        int width = features.Length / Math.Max(1, table.RowCount);
        ReadOnlySpan<double> numbers = column.Numbers;
        for (int row = 0; row < numbers.Length; row++)
        {
            double number = numbers[row];
            if (double.IsInfinity(number))
                throw table.Error(Cell.Infinite(Cell.Format(number)), row, Column);
            int at = row * width + start;
            if (Deviation > 0)
            {
                double value = double.IsNaN(number) ? Mean : number;
                features[at++] = T.CreateTruncating(standardization.Apply(value, start));
            }
            if (HasIndicator)
                features[at] = double.IsNaN(number) ? T.One : T.Zero;
        }
    }
}

/// <summary>One of several texts: 1 for the one that it is, and a last place for texts that are missing or were not seen in training.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Categories">The texts seen in training, in ordinal order.</param>
/// <param name="SawMissing">Whether training rows were without a text; true too where a model was saved before this was noted.</param>
sealed record CategoryEncoding(string Column, IReadOnlyList<string> Categories, bool SawMissing = true) : ColumnEncoding(Column)
{
    [JsonIgnore]
    internal override IReadOnlyList<string> Features => [.. Categories.Select(category => $"{Column}={category}"), $"{Column} is other or missing"];

    [JsonIgnore]
    internal override IReadOnlyList<(double Offset, double Scale)> Scaling => [.. Enumerable.Repeat((0.0, 1.0), Categories.Count + 1)];

    internal override TableColumn Values(Table table, int points) => new(Column, [.. Categories]);

    internal override IEnumerable<string> WriteOnnx(OnnxFile file)
    {
        (string, long)[] known = [.. Categories.SelectMany((category, place) => Spellings(category).Select(spelling => (spelling, (long)place)))];
        string places = file.AddPlaces(file.AddInput(Column, OnnxFile.Element.Text), known, Categories.Count);
        string one = file.AddNode("OneHot", [places, file.AddScalar("Depth", Categories.Count + 1), file.AddConstant("OffOn", [0, 1], 2)], ("axis", -1));
        yield return file.AddNode("Flatten", [one], ("axis", 1));
    }

    /// <summary>How a category may be written: a boolean in any case.</summary>
    internal IEnumerable<string> Spellings(string category) => CategoryNames.Comparer(Categories) == StringComparer.Ordinal ? [category]
        : new[] { category, category.ToLowerInvariant(), category.ToUpperInvariant(), category[..1].ToUpperInvariant() + category[1..].ToLowerInvariant() }.Distinct();

    internal override ColumnSurprise CreateSurprise() => new(Column, SawMissing ? null : "they count as a text that was never seen", Categories);

    internal override void Check()
    {
        if (Categories.Any(category => category is null) || Categories.Distinct(StringComparer.Ordinal).Count() != Categories.Count)
            throw new JsonException($"Column '{Column}' has a category twice or an empty one.");
    }

    internal override void Write<T>(Table table, TableColumn column, T[] features, int start, Standardization standardization)
    {
        Dictionary<string, int> places = new(CategoryNames.Comparer(Categories));
        for (int i = 0; i < Categories.Count; i++)
            places.Add(Categories[i], i);
        int width = features.Length / Math.Max(1, table.RowCount);
        for (int row = 0; row < column.Count; row++)
        {
            // A file whose codes all happen to be numbers is read as numbers: they are categories all the same.
            int place = column.TextAt(row) is string text && places.TryGetValue(text, out int seen) ? seen : Categories.Count;
            features[row * width + start + place] = T.One;
        }
    }
}
