using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Measurements;

/// <summary>A table of numbers of the samples, whose label is its column y, in memory.</summary>
internal sealed class DataSet
{
    private DataSet(string name, Row[] rows)
    {
        Name = name;
        Rows = rows;
    }

    internal string Name { get; }

    internal Row[] Rows { get; }

    internal int FeatureCount => Rows[0].Features.Length;

    internal static DataSet Load(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine("samples", "data", name + ".csv"));
        int label = Array.IndexOf(lines[0].Split(','), "y");
        float[][] rows = [.. lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        // Columns that never vary are left out, as the engine leaves them out of its tables.
        int[] features = [.. Enumerable.Range(0, rows[0].Length).Where(k => k != label && rows.Any(row => row[k] != rows[0][k]))];
        return new(name, [.. rows.Select(row => new Row { Label = row[label], Features = [.. features.Select(k => row[k])] })]);
    }

    /// <summary>The rows as ML.NET takes them, cached.</summary>
    internal IDataView View(MLContext context, IEnumerable<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, FeatureCount);
        return context.Data.Cache(context.Data.LoadFromEnumerable(rows, schema));
    }

    /// <summary>A tenth of the rows, drawn at random, tests.</summary>
    internal (Row[] Train, Row[] Test) Split(int seed)
    {
        Row[] shuffled = [.. Rows];
        new Random(seed).Shuffle(shuffled);
        int test = shuffled.Length / 10;
        return (shuffled[test..], shuffled[..test]);
    }

    internal sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
