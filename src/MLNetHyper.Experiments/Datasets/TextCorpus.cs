namespace MLNetHyper.Experiments;

/// <summary>Text as numbers of words, for language models.</summary>
/// <param name="Vocabulary">The words, in the order in which they first appear in the training text.</param>
/// <param name="Train">The training text: indices into the vocabulary, at least one.</param>
/// <param name="Validation">The validation text, likewise.</param>
/// <param name="Test">The test text, likewise.</param>
internal sealed record TextCorpus(IReadOnlyList<string> Vocabulary, int[] Train, int[] Validation, int[] Test);
