using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Predicts the next word of texts: an embedding, layers of long short-term memory, a linear decoder.</summary>
/// <remarks>
/// <para>Takes word numbers, a tensor of Int64 of steps × examples, such as <see cref="SequenceBatchSource"/> gives, and gives a
/// row of logits for each of its elements in turn: (steps · examples) × vocabulary, as cross-entropy takes them. Memory starts at zero.</para>
/// <para>Parameters are those of PyTorch's example of a word-level language model, in order and initial distribution, and those around the memory in name. With <c>fused</c> the memory is
/// libtorch's own, for steps whose gradient is not differentiated: <c>new TorchObjective(products => new LstmLanguageModel(…, fused: !products), …)</c>.</para>
/// </remarks>
public sealed class LstmLanguageModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _encoder;
    private readonly LongShortTermMemory _rnn;
    private readonly Linear _decoder;
    private readonly double _dropout;
    private readonly int _vocabulary;

    /// <summary>Makes one with random weights.</summary>
    /// <param name="vocabulary">Number of words, at least 1.</param>
    /// <param name="units">Units of each layer, and numbers that stand for a word, at least 1. Default 650.</param>
    /// <param name="layers">Layers of memory, at least 1. Default 2.</param>
    /// <param name="dropout">Share dropped in training of what enters and leaves every layer of memory, in [0, 1). Default 0.</param>
    /// <param name="initialRange">
    /// Embedding and decoder start uniformly within this of zero, the decoder's bias at zero. Default 0.1, as in PyTorch's example;
    /// null leaves them as PyTorch's layers start by themselves, as in the reference code of Clarke et al. 2022.
    /// </param>
    /// <param name="fused">Whether to compute the memory by libtorch's own, faster kernels. Default false.</param>
    public LstmLanguageModel(int vocabulary, int units = 650, int layers = 2, double dropout = 0, double? initialRange = 0.1, bool fused = false) : base(nameof(LstmLanguageModel))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        if (initialRange is { } given && !(given > 0 && double.IsFinite(given)))
            throw new ArgumentOutOfRangeException(nameof(initialRange), given, "Give a finite number above 0, or null.");
        (_vocabulary, _dropout) = (vocabulary, dropout);
        _encoder = nn.Embedding(vocabulary, units);
        _rnn = new LongShortTermMemory(units, units, layers, dropout, fused);
        _decoder = nn.Linear(units, vocabulary);
        register_module("encoder", _encoder);
        register_module("rnn", _rnn);
        register_module("decoder", _decoder);
        if (initialRange is { } range)
        {
            nn.init.uniform_(_encoder.weight!, -range, range);
            nn.init.uniform_(_decoder.weight!, -range, range);
            nn.init.zeros_(_decoder.bias!);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (input.dim() != 2 || input.dtype != ScalarType.Int64)
            throw new ArgumentException($"A language model takes word numbers in Int64, steps × examples, but the input is of {input.dtype} and the shape [{string.Join(", ", input.shape)}].", nameof(input));
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = Drop(_rnn.call(Drop(_encoder.call(input))));
        return _decoder.call(hidden).view(-1, _vocabulary).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor x) => _dropout > 0 ? nn.functional.dropout(x, _dropout, training) : x;
}
