using System.Text;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class CsvTableErrorTests
{
    [TestMethod]
    public void No_such_file_or_a_folder()
    {
        DataFormatException error = Fails(() => CsvTable.Load("nowhere.csv"), "nowhere.csv: there is no such file", "Check the path.");
        Assert.AreEqual("nowhere.csv", error.File);
        Fails(() => CsvTable.Load(Path.Combine("no folder", "x.csv")), "there is no such file");
        Fails(() => CsvTable.Load(Path.GetTempPath()), "this is a folder. Name a CSV file.");
    }

    [TestMethod]
    public void A_path_is_given_as_the_caller_gave_it()
    {
        using TemporaryFile file = new("a,a\n1,2\n");
        DataFormatException error = Fails(() => CsvTable.Load(file.Path), $"{file.Path}, line 1, column 'a': two columns are named 'a'. Give each column its own name.");
        Assert.AreEqual(file.Path, error.File);
        Assert.AreEqual(1, error.Line);
        Assert.AreEqual("a", error.Column);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("\n\n")]
    [DataRow("\uFEFF")]
    public void An_empty_file(string content) => Fails(() => Load(content), "the file is empty. The first line must name the columns");

    [TestMethod]
    [DataRow("a,b")]
    [DataRow("a,b\n\n\n")]
    public void A_header_without_data(string content) => Fails(() => Load(content), "there is a header but no data. Add rows");

    [TestMethod]
    [DataRow("a,b\n1,2\n\"x\ny\",2\n3\n", 5, 1)]
    [DataRow("a,b\n1,2,3\n", 2, 3)]
    public void A_row_of_another_length(string content, int line, int fields)
    {
        DataFormatException error = Fails(() => Load(content), $"line {line}: there are {fields} fields but the header has 2.", "Add or remove separators");
        Assert.AreEqual(line, error.Line);
    }

    [TestMethod]
    [DataRow("a,b\n1,\"x\n2,y\n3,z\n", 2)]
    [DataRow("a,b\n1,\"x\n2,\"y\"\n", 2)]
    [DataRow("a,b\n1,x\n5\" disk,y\n", 3)]
    [DataRow("a,b\n1,x\n\"ab\"c,y\n", 3)]
    [DataRow("\"a,b\n1,x\n", 1)]
    public void Quotation_marks_out_of_balance(string content, int line)
    {
        Assert.AreEqual(line, Fails(() => Load(content), $"line {line}: a quotation mark is out of place or never closed.", "write each of its own twice").Line);
    }

    [TestMethod]
    public void Another_encoding_than_UTF8()
    {
        byte[] latin = Encoding.Latin1.GetBytes("a,b\n1,x\n2,é\n3,y\n");
        Assert.AreEqual(3, Fails(() => Load(latin), "line 3: there are bytes that are not UTF-8", "save as UTF-8").Line);
        byte[] truncated = [0xFF, 0xFE, (byte)'a', 0, 0x00, 0xD8, (byte)'\n', 0];
        Fails(() => Load(truncated), "the file begins like UTF-16 but is not valid UTF-16. Save it as UTF-8.");
    }

    [TestMethod]
    public void A_binary_file()
    {
        Assert.AreEqual(2, Fails(() => Load("a,b\n1,\0\n"), "line 2: there is a zero byte: this is a binary file", "CSV file in UTF-8").Line);
        Fails(() => Load(Encoding.Unicode.GetBytes("a,b\n1,2\n")), "UTF-16 without a byte order mark");
    }

    [TestMethod]
    [DataRow("inf")]
    [DataRow("-Inf")]
    [DataRow("Infinity")]
    [DataRow("-INFINITY")]
    [DataRow("1e400")]
    [DataRow("-1e999")]
    public void Infinity_in_a_numeric_column(string infinite)
    {
        DataFormatException error = Fails(() => Load($"a,b\n1,1\n2,{infinite}\n3,3\n"), $"line 3, column 'b': '{infinite}' is infinite or beyond the range of a double.", "leave the cell empty");
        Assert.AreEqual(3, error.Line);
        Assert.AreEqual("b", error.Column);
    }

    [TestMethod]
    public void A_text_where_the_caller_wants_numbers()
    {
        DataFormatException error = Fails(() => Load("a,b\n1,1\n2,abc\n", new CsvOptions { NumericColumns = ["b"] }), "line 3, column 'b': 'abc' is not a number", "Correct it");
        Assert.AreEqual(3, error.Line);
    }

    [TestMethod]
    public void Options_that_name_no_column()
    {
        Fails(() => Load("height,width\n1,2\n", new CsvOptions { NumericColumns = ["Heigth"] }), "there is no column 'Heigth'. Did you mean 'height'?");
        Assert.ThrowsExactly<ArgumentException>(() => Load("a\n1\n", new CsvOptions { NumericColumns = ["a"], TextColumns = ["a"] }));
    }
}
