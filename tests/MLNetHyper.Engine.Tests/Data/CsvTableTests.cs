using System.Text;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CsvTableTests
{
    [TestMethod]
    public void Columns_are_numeric_unless_a_cell_is_text()
    {
        Table table = Load("a,b,c\n1,x,-2.5e-3\n2,3,+4E2\n");
        Assert.AreEqual(2, table.RowCount);
        Assert.AreEqual("a b c", string.Join(' ', table.Columns.Select(c => c.Name)));
        HasNumbers(table, "a", 1.0, 2);
        HasTexts(table, "b", "x", "3");
        HasNumbers(table, "c", -0.0025, 400);
    }

    [TestMethod]
    public void Numbers_before_the_first_text_keep_their_spelling()
    {
        HasTexts(Load("a,b\n1.50,1\n007,2\nx,3\n"), "a", "1.50", "007", "x");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("NA")]
    [DataRow("n/a")]
    [DataRow("NaN")]
    [DataRow("Null")]
    [DataRow("?")]
    [DataRow("\"\"")]
    [DataRow(" NULL ")]
    public void Missing_cells_are_NaN_or_null(string missing)
    {
        Table table = Load($"a,b\n1,x\n{missing},{missing}\n");
        Assert.IsTrue(double.IsNaN(table.Numbers("a")[1]));
        Assert.IsNull(table.Texts("b")[1]);
        Assert.IsTrue(table["a"].IsMissing(1) && table["b"].IsMissing(1) && !table["a"].IsMissing(0) && !table["b"].IsMissing(0));
    }

    [TestMethod]
    public void A_column_without_any_value_is_numeric()
    {
        Assert.IsTrue(double.IsNaN(Load("a,b\nNA,1\n").Numbers("a")[0]));
    }

    [TestMethod]
    public void Quoted_fields_hold_separators_quotes_line_breaks_and_spaces()
    {
        Table table = Load("name,\"y,1\"\r\n\"a,b\",1\r\n\"he said \"\"hi\"\"\",2\r\n\"two\r\nlines\",3\r\n\"  padded \",4\r\n");
        HasTexts(table, "name", "a,b", "he said \"hi\"", "two\r\nlines", "  padded ");
        HasNumbers(table, "y,1", 1.0, 2, 3, 4);
        Assert.AreEqual(6, table.LineOf(3));
    }

    [TestMethod]
    public void Spaces_around_unquoted_fields_and_blank_lines_are_layout()
    {
        Table table = Load("\n a , b \n\n 1 , red one \n\n 2 , \"blue\" \n");
        HasNumbers(table, "a", 1.0, 2);
        HasTexts(table, "b", "red one", "blue");
        Assert.AreEqual(6, table.LineOf(1));
    }

    [TestMethod]
    [DataRow(',')]
    [DataRow(';')]
    [DataRow('\t')]
    [DataRow('|')]
    public void The_separator_is_detected(char separator)
    {
        Table table = Load("a,b,c\n1,2,3\n4,5,6\n".Replace(',', separator));
        HasNumbers(table, "c", 3.0, 6);
    }

    [TestMethod]
    public void Decimal_commas_do_not_pass_for_separators()
    {
        Table table = Load("a;b;c\n1,5;2,5;3\n4,5;5,5;6\n");
        HasTexts(table, "a", "1,5", "4,5");
        HasNumbers(table, "c", 3.0, 6);
    }

    [TestMethod]
    public void A_given_separator_is_used()
    {
        HasNumbers(Load("a,x:b,x\n1:2\n", new CsvOptions { Separator = ':' }), "a,x", 1.0);
        Assert.ThrowsExactly<ArgumentException>(() => Load("a\n1\n", new CsvOptions { Separator = '"' }));
        Assert.ThrowsExactly<ArgumentException>(() => Load("a\n1\n", new CsvOptions { Separator = '€' }));
    }

    [TestMethod]
    public void A_single_column_needs_no_separator()
    {
        HasNumbers(Load("a\n1\n2"), "a", 1.0, 2);
    }

    [TestMethod]
    [DataRow("\n")]
    [DataRow("\r\n")]
    [DataRow("\r")]
    public void Any_line_ending_will_do(string ending)
    {
        Table table = Load(string.Join(ending, "a,b", "1,x", "2,y"));
        HasTexts(table, "b", "x", "y");
        Assert.AreEqual(3, table.LineOf(1));
    }

    [TestMethod]
    public void Byte_order_marks_and_UTF16_are_understood()
    {
        const string content = "größe,名\n1,ж\n2,é\n";
        foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Table table = Load([.. encoding.GetPreamble(), .. encoding.GetBytes(content)]);
            HasNumbers(table, "größe", 1.0, 2);
            HasTexts(table, "名", "ж", "é");
        }
    }

    [TestMethod]
    public void Columns_of_codes_can_be_kept_as_text()
    {
        HasTexts(Load("zip,y\n01067,1\n04103,2\n", new CsvOptions { TextColumns = ["zip"] }), "zip", "01067", "04103");
    }

    [TestMethod]
    public void Infinity_among_texts_is_a_text()
    {
        HasTexts(Load("a,b\ninf,1\nsup,2\n"), "a", "inf", "sup");
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(1e-320)]
    [DataRow(1.7976931348623157e308)]
    [DataRow(5e-324)]
    [DataRow(123456789.123456789)]
    public void Numbers_are_read_exactly(double number)
    {
        Assert.AreEqual(number, Load($"a,b\n{number:R},1\n").Numbers("a")[0]);
    }
}
