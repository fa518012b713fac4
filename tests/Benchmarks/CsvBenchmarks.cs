using System.Globalization;
using BenchmarkDotNet.Attributes;
using MLNetHyper.Engine;
using nietras.SeparatedValues;

namespace Benchmarks;

/// <summary>A CSV file of some 150 MB, read by the project's reader and by one that stands on Sep and does less: it neither notes what it saw nor checks quotes, encodings and numbers of fields.</summary>
public class CsvBenchmarks
{
    private const int Columns = 20;
    private string _path = "";

    /// <summary>Numbers alone, or a quarter each of categories and of quoted texts with separators, quotation marks and line breaks.</summary>
    [Params("numbers", "texts")]
    public string Content { get; set; } = "";

    private bool HasTexts => Content == "texts";

    [GlobalSetup]
    public void Setup()
    {
        _path = Path.GetTempFileName();
        Random random = new(1);
        using StreamWriter writer = new(_path);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, Columns).Select(column => $"c{column}")));
        for (int row = 0; row < 800_000; row++)
            writer.WriteLine(string.Join(',', Enumerable.Range(0, Columns).Select(column => Cell(random, column))));
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_path);

    /// <summary>The project's reader.</summary>
    [Benchmark(Baseline = true)]
    public int Table() => CsvTable.Load(_path).RowCount;

    /// <summary>What of it is CsvHelper's: fields without their values.</summary>
    [Benchmark]
    public long Fields()
    {
        using CsvRecords records = new(_path, File.ReadAllBytes(_path), null);
        long length = 0;
        while (records.Read())
        {
            for (int column = 0; column < Columns; column++)
                length += records.Field(column).Length;
        }
        return length;
    }

    [Benchmark]
    public long SepFields()
    {
        using SepReader reader = Open();
        long length = 0;
        foreach (SepReader.Row row in reader)
        {
            for (int column = 0; column < Columns; column++)
                length += row[column].Span.Length;
        }
        return length;
    }

    [Benchmark]
    public int SepTable()
    {
        using SepReader reader = Open();
        List<double>[] numbers = [.. Enumerable.Range(0, Columns).Select(_ => new List<double>())];
        List<string>[] texts = [.. Enumerable.Range(0, Columns).Select(_ => new List<string>())];
        foreach (SepReader.Row row in reader)
        {
            for (int column = 0; column < Columns; column++)
            {
                if (IsText(column))
                    texts[column].Add(row[column].ToString());
                else
                    numbers[column].Add(row[column].Parse<double>());
            }
        }
        return Built(numbers, texts);
    }

    [Benchmark]
    public int SepTableParallel()
    {
        using SepReader reader = Open();
        List<double>[] numbers = [.. Enumerable.Range(0, Columns).Select(_ => new List<double>())];
        List<string>[] texts = [.. Enumerable.Range(0, Columns).Select(_ => new List<string>())];
        foreach ((double[] ofRow, string[] textsOfRow) in reader.ParallelEnumerate(row =>
        {
            double[] values = new double[Columns];
            string[] words = HasTexts ? new string[Columns] : [];
            for (int column = 0; column < Columns; column++)
            {
                if (IsText(column))
                    words[column] = row[column].ToString();
                else
                    values[column] = row[column].Parse<double>();
            }
            return (values, words);
        }))
        {
            for (int column = 0; column < Columns; column++)
            {
                if (IsText(column))
                    texts[column].Add(textsOfRow[column]);
                else
                    numbers[column].Add(ofRow[column]);
            }
        }
        return Built(numbers, texts);
    }

    private SepReader Open() => Sep.New(',').Reader(options => options with { Unescape = HasTexts, CreateToString = SepToString.PoolPerColThreadSafeFixedCapacity() }).FromFile(_path);

    private int Built(List<double>[] numbers, List<string>[] texts) => new Table([.. Enumerable.Range(0, Columns).Select(column => IsText(column)
        ? new TableColumn($"c{column}", [.. texts[column]])
        : new TableColumn($"c{column}", [.. numbers[column]]))]).RowCount;

    private bool IsText(int column) => HasTexts && column % 2 == 1;

    private string Cell(Random random, int column) => !IsText(column) ? (random.NextDouble() * 1000).ToString("F6", CultureInfo.InvariantCulture)
        : column % 4 == 1 ? $"category {random.Next(100)}"
        : $"\"street {random.Next(100)}, \"\"house\"\"\n{random.Next(9)}\"";
}
