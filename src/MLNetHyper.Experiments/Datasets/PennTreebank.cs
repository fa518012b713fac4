using System.Text;

namespace MLNetHyper.Experiments;

/// <summary>
/// The Penn Treebank as prepared by Mikolov et al. 2010: text in lower case with a vocabulary of 10000 words, a sentence a line. It is
/// read as PyTorch's word-level language model example reads it.
/// </summary>
internal static class PennTreebank
{
    /// <summary>The word that stands at the end of every line.</summary>
    internal const string EndOfSentence = "<eos>";

    /// <summary>The word that stands for all rare ones.</summary>
    internal const string Unknown = "<unk>";

    internal static PublishedFiles Files { get; } = new("Penn Treebank",
        "the files ptb.train.txt, ptb.valid.txt and ptb.test.txt, or train.txt, valid.txt and test.txt",
        "Tomas Mikolov among the simple examples of RNNLM (www.fit.vutbr.cz/~imikolov/rnnlm)");

    /// <summary>Reads the three texts. Words have white space between them; validation and test words that are not in the training text become <see cref="Unknown"/>.</summary>
    /// <param name="folder">The folder that the files are in.</param>
    /// <exception cref="DataFormatException">A file is absent, has no words or is not UTF-8, or a word is unknown and the training text has no <see cref="Unknown"/>.</exception>
    internal static TextCorpus Load(string folder)
    {
        string training = Part("train"), validation = Part("valid"), test = Part("test");
        List<string> vocabulary = [];
        Dictionary<string, int> indices = [];
        int[] train = [.. Words(training).Select(word => Learn(word.Word))];
        return new(vocabulary, train, Encode(validation), Encode(test));

        string Part(string name) => Files.Find(folder, $"ptb.{name}.txt", $"{name}.txt");

        int Learn(string word)
        {
            if (indices.TryGetValue(word, out int index))
                return index;
            indices.Add(word, vocabulary.Count);
            vocabulary.Add(word);
            return vocabulary.Count - 1;
        }

        int[] Encode(string file) => [.. Words(file).Select(word => Find(word, file))];

        int Find((string Word, int Line) word, string file) =>
            indices.TryGetValue(word.Word, out int index) || indices.TryGetValue(Unknown, out index)
                ? index
                : throw new DataFormatException($"the word '{word.Word}' is not in '{training}', and neither is {Unknown}, which would stand for it. Take the three files from one source. {Files.Needed}", file, word.Line);
    }

    private static IEnumerable<(string Word, int Line)> Words(string file)
    {
        string text = Text(file);
        if (string.IsNullOrWhiteSpace(text))
            throw Files.Damaged("there are no words in the file", file);
        using StringReader reader = new(text);
        for (int line = 1; reader.ReadLine() is { } sentence; line++)
        {
            foreach (string word in sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                yield return (word, line);
            yield return (EndOfSentence, line);
        }
    }

    private static string Text(string file)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(Files.Read(file)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw Files.Damaged("there are bytes that are not UTF-8", file, exception);
        }
    }
}
