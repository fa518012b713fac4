using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CsvPropertyTests
{
    private static readonly string[] _texts = ["x", "yes", "two words", "a,b", "a;b", "a|b", "tab\there", "quote\"d", "\"", "line\nbreak", "cr\r\nlf", " led", "trailed ", "ünï", "名前", "-", "1 2", "N A", "0x1F", "1,5"];

    [TestMethod]
    public void Random_tables_survive_being_written_and_read()
    {
        Prop.ForAll<int, bool>((seed, crlf) => RoundTrip(new Random(seed), crlf)).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [TestMethod]
    public void Random_bytes_are_read_or_refused_but_never_crash()
    {
        // Bytes that mean something to a CSV reader meet more often than in plain noise.
        Gen<byte> symbol = Gen.Frequency(
            (3, Gen.Elements("\",\n\r;\t| a1.eN?-"u8.ToArray())),
            (1, Gen.Choose(0, 255).Select(value => (byte)value)));
        Prop.ForAll(symbol.ArrayOf().ToArbitrary(), LoadsOrRefuses).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(60));
        Prop.ForAll<byte[]>(LoadsOrRefuses).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>Numbers without an exponent take a way of their own, which is to come to the same bits.</summary>
    [TestMethod]
    public void Plain_numbers_are_those_that_parsing_gives()
    {
        var random = new Random(1);
        foreach (string text in new[] { "", "-", ".", "-.", "5.", ".5", "-.5", "-0", "0.0", "-0.0", "007", "1..2", "1.2.3", "--1", "1-", "+1", "999999999999999", "-999999999999999.", "1000000000000000", "9007199254740993", "0.000000000000001", "123456789012345.6" }.Concat(Enumerable.Range(0, 200_000).Select(_ => Draw())))
        {
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double expected);
            Assert.AreEqual(isNumber, Cell.TryNumber(text, out double number), text);
            if (isNumber)
                Assert.AreEqual(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(number), text);
        }

        string Draw()
        {
            string digits = string.Concat(Enumerable.Range(0, random.Next(1, 18)).Select(_ => (char)('0' + random.Next(10))));
            return (random.Next(3) == 0 ? "-" : "") + (random.Next(4) == 0 ? digits : digits.Insert(random.Next(digits.Length + 1), "."));
        }
    }

    private static void LoadsOrRefuses(byte[] content)
    {
        try
        {
            Table table = Load(content);
            Assert.IsTrue(table.RowCount > 0 && table.Columns.Count > 0);
        }
        catch (DataFormatException error)
        {
            Assert.IsTrue(error.Message.EndsWith('.') && error.File is not null, error.Message);
        }
    }

    private static void RoundTrip(Random random, bool crlf)
    {
        char separator = ",;\t|"[random.Next(4)];
        int rows = random.Next(1, 30);
        TableColumn[] columns = [.. Enumerable.Range(0, random.Next(2, 7)).Select(i => Column(random, $"col {i}{(random.Next(3) == 0 ? separator + "\"" : "")}", rows))];
        StringBuilder content = new();
        foreach (int row in Enumerable.Range(-1, rows + 1))
            content.Append(string.Join(separator, columns.Select(column => Field(random, separator, row < 0 ? column.Name : column.TextAt(row))))).Append(crlf ? "\r\n" : "\n");

        Table table = Load(content.ToString(), new CsvOptions { Separator = separator });

        Assert.AreEqual(rows, table.RowCount);
        Assert.HasCount(columns.Length, table.Columns);
        foreach (TableColumn column in columns)
        {
            if (column.IsNumeric)
                CollectionAssert.AreEqual(column.Numbers.ToArray(), table.Numbers(column.Name));
            else
                CollectionAssert.AreEqual(column.Texts.ToArray(), table.Texts(column.Name));
        }
    }

    private static TableColumn Column(Random random, string name, int rows)
    {
        bool Missing() => random.Next(8) == 0;
        if (random.Next(2) == 0)
            return new TableColumn(name, Enumerable.Range(0, rows).Select(_ => Missing() ? double.NaN : Number(random)).ToArray());
        string?[] texts = [.. Enumerable.Range(0, rows).Select(_ => Missing() ? null : random.Next(5) == 0 ? "7" : _texts[random.Next(_texts.Length)])];
        texts[random.Next(rows)] = "text";
        return new TableColumn(name, texts);
    }

    private static double Number(Random random)
    {
        double number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(number) && random.Next(2) == 0 ? number : random.Next(-1000, 1000) / 8.0;
    }

    private static string Field(Random random, char separator, string? value)
    {
        string text = value ?? new[] { "", "NA", "?", "null" }[random.Next(4)];
        bool quote = random.Next(4) == 0 || text.AsSpan().ContainsAny(['"', '\n', '\r', separator]) || text != text.Trim();
        return quote ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
