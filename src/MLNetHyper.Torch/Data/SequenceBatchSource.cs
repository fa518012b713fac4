using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Batches of a text for models of sequences: the text is cut into parallel sequences of equal length, and every batch is the
/// next so many steps of all of them, with the word that follows each as its target.
/// </summary>
/// <remarks>
/// <para>Inputs are steps × sequences, targets the same flattened, both Int64. An example is one predicted word. The last batch of an
/// epoch may have fewer steps; there is no shuffling.</para>
/// <para>A model's memory starts at zero in every batch. Code that follows PyTorch's example of a language model, such as that of
/// Clarke et al. 2022, hands it on from batch to batch; then a batch would depend on all before it, and a resumed or repeated step would be another one.</para>
/// </remarks>
public sealed class SequenceBatchSource : BatchSource, IDisposable
{
    private readonly Tensor _tokens;
    private readonly int _steps;
    private readonly int _sequences;
    private readonly int _positions;
    private readonly bool _isForTraining;
    private readonly TorchBatch?[] _ring;
    private int _next;

    /// <summary>Takes parallel sequences. The tensor stays the caller's, and must live and not change as long as this is used.</summary>
    /// <param name="tokens">Positions × sequences, in Int64, such as <see cref="Arrange"/> gives, or a run of its rows; at least two rows.</param>
    /// <param name="steps">Steps of a batch, at least 1; as many as there are, or more, for full batches.</param>
    /// <param name="retained">How many of the last batches stay valid: for training, the tuning interval T and one more. Default 11.</param>
    /// <param name="isForTraining">Whether modules see the batches with dropout on. Default true.</param>
    /// <exception cref="ArgumentException">The tensor is of another type or shape, or has no word to predict.</exception>
    public SequenceBatchSource(Tensor tokens, int steps, int retained = 11, bool isForTraining = true)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(retained, 1);
        if (tokens.dim() != 2 || tokens.dtype != ScalarType.Int64)
            throw new ArgumentException($"Sequences must be a tensor of Int64 of positions × sequences, but this is of {tokens.dtype} and the shape [{string.Join(", ", tokens.shape)}].", nameof(tokens));
        if (tokens.shape[0] < 2 || tokens.shape[1] < 1)
            throw new ArgumentException($"There is no word to predict in {tokens.shape[1]} sequences of {tokens.shape[0]}: each needs at least two words.", nameof(tokens));
        _positions = checked((int)tokens.shape[0] - 1);
        _sequences = checked((int)tokens.shape[1]);
        ExampleCount = checked(_positions * _sequences);
        (_tokens, _steps, _isForTraining) = (tokens, Math.Min(steps, _positions), isForTraining);
        _ring = new TorchBatch?[retained];
    }

    /// <inheritdoc/>
    public override int ExampleCount { get; }

    /// <inheritdoc/>
    public override int BatchSize => _steps * _sequences;

    /// <summary>A text as parallel sequences: the first so many words are the first column, and so on. Words left over at the end are dropped.</summary>
    /// <param name="tokens">The words' numbers, from 0.</param>
    /// <param name="sequences">How many sequences, at least 1.</param>
    /// <param name="device">Where to put them. Default: the CPU.</param>
    /// <returns>Positions × sequences, in Int64; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">There are fewer than two words for each sequence.</exception>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    public static Tensor Arrange(IReadOnlyList<int> tokens, int sequences, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        int positions = tokens.Count / sequences;
        if (positions < 2)
            throw new ArgumentException($"{tokens.Count} words do not make {sequences} parallel sequences of at least two. Use fewer sequences or a longer text.", nameof(tokens));
        TorchRuntime.Require(device);
        long[] rows = new long[positions * sequences];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = tokens[(i % sequences * positions) + (i / sequences)];
        return tensor(rows, [positions, sequences], device: device ?? CPU).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override TorchBatch BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        long start = number % BatchesPerEpoch * _steps;
        int steps = (int)Math.Min(_steps, _positions - start);
        Release(_next);
        using Tensor following = _tokens.narrow(0, start + 1, steps);
        TorchBatch batch = new(_tokens.narrow(0, start, steps).DetachFromDisposeScope(), following.reshape(-1).DetachFromDisposeScope(), steps * _sequences, number, _isForTraining);
        _ring[_next] = batch;
        _next = (_next + 1) % _ring.Length;
        return batch;
    }

    /// <summary>Disposes of the batches, not of the sequences.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _ring.Length; i++)
            Release(i);
    }

    private void Release(int slot)
    {
        _ring[slot]?.Inputs.Dispose();
        _ring[slot]?.Targets.Dispose();
        _ring[slot] = null;
    }
}
