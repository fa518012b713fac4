using System.Text;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PennTreebankTests
{
    [TestMethod]
    [DataRow("ptb.")]
    [DataRow("")]
    public void Words_are_numbered_as_they_first_appear_and_lines_end_in_eos(string prefix)
    {
        using PublishedFolder folder = Folder(" the cat  <unk> \n the dog\tthe \n\n cat \n", " dog cat bird \n", " bird <eos> \r\n the \r\n", prefix);
        TextCorpus corpus = PennTreebank.Load(folder.Path);
        Assert.AreEqual("the cat <unk> <eos> dog", string.Join(' ', corpus.Vocabulary));
        Assert.AreEqual("0 1 2 3 0 4 0 3 3 1 3", string.Join(' ', corpus.Train));
        Assert.AreEqual("4 1 2 3", string.Join(' ', corpus.Validation));
        Assert.AreEqual("2 3 3 0 3", string.Join(' ', corpus.Test));
    }

    [TestMethod]
    public void The_last_line_needs_no_end_and_the_first_may_have_a_byte_order_mark()
    {
        using PublishedFolder folder = Folder("\uFEFFa b", "b", "a");
        TextCorpus corpus = PennTreebank.Load(folder.Path);
        Assert.AreEqual("a b <eos>", string.Join(' ', corpus.Vocabulary));
        Assert.AreEqual("0 1 2", string.Join(' ', corpus.Train));
    }

    [TestMethod]
    public void Words_that_nothing_stands_for_are_named()
    {
        using PublishedFolder folder = Folder("the cat\n", "the\nthe dog\n", "cat\n");
        DataFormatException error = Fails(() => PennTreebank.Load(folder.Path), folder["valid.txt"], "'dog'", "<unk>", folder["train.txt"]);
        Assert.AreEqual(2, error.Line);
    }

    [TestMethod]
    [DataRow("train.txt")]
    [DataRow("valid.txt")]
    [DataRow("test.txt")]
    public void Absent_empty_and_undecodable_files_are_refused(string name)
    {
        using PublishedFolder folder = Folder("the cat <unk>\n", "the\n", "cat\n");
        folder.Write(name, [.. " \n \n"u8]);
        Fails(() => PennTreebank.Load(folder.Path), folder[name], "no words", "Download");
        folder.Write(name, Encoding.Latin1.GetBytes("the café\n"));
        Fails(() => PennTreebank.Load(folder.Path), folder[name], "UTF-8");
        File.Delete(folder[name]);
        Fails(() => PennTreebank.Load(folder.Path), folder.Path, $"ptb.{name} or {name}", "ptb.train.txt", "imikolov/rnnlm");
    }

    private static PublishedFolder Folder(string train, string validation, string test, string prefix = "")
    {
        PublishedFolder folder = new();
        foreach ((string name, string text) in new[] { ("train", train), ("valid", validation), ("test", test) })
            folder.Write($"{prefix}{name}.txt", Encoding.UTF8.GetBytes(text));
        return folder;
    }
}
