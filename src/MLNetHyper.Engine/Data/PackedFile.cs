using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MLNetHyper.Engine;

/// <summary>
/// Examples in a temporary file, block by block as training takes them. Rows are dealt to the blocks at random, so that each block is a sample of all, whatever order they come in. The file has no
/// name while it is written and read, or is the system's to delete: it is gone when the process ends, however it ends.
/// </summary>
internal sealed class PackedFile : IDisposable
{
    private const int MostBuffer = 1 << 16;

    // A disk that is full to the last byte is no good to anybody else.
    private const long LeftFree = 64L << 20;

    private readonly SafeFileHandle _file;
    private readonly int _featureCount;
    private readonly bool _hasWeights;
    private readonly int _blockSize;
    private readonly int _count;

    /// <param name="count">How many rows there will be.</param>
    /// <param name="featureCount">Features of a row.</param>
    /// <param name="hasWeights">Whether rows have weights.</param>
    /// <param name="blockSize">Rows of each block but the last.</param>
    /// <param name="folder">Where to.</param>
    /// <exception cref="IOException">The folder's disk has not so much room, or cannot be written.</exception>
    internal PackedFile(int count, int featureCount, bool hasWeights, int blockSize, string folder)
    {
        (_count, _featureCount, _hasWeights, _blockSize) = (count, featureCount, hasWeights, Math.Min(blockSize, count));
        Length = (long)count * RowBytes(featureCount, hasWeights);
        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free - LeftFree < Length)
            throw new IOException($"training reads its rows from a temporary file, which needs {ByteText.Of(Length)} in '{folder}', but {ByteText.Of(free)} are free there. Free some, name a folder on another disk in the environment variable {(OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR")}, leave out columns, or allow more memory with DataOptions.MemoryLimit.");
        string path = Path.Combine(folder, $"mlnethyper-{Guid.NewGuid():N}.rows");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, FileOptions.DeleteOnClose, preallocationSize: Length);
        // Elsewhere than on Windows a file goes when it has neither a name nor a reader.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <summary>Bytes on the disk.</summary>
    internal long Length { get; }

    /// <summary>Bytes of a row.</summary>
    internal static long RowBytes(int featureCount, bool hasWeights) => sizeof(float) * (featureCount + (hasWeights ? 2L : 1));

    /// <summary>Number of blocks.</summary>
    internal int BlockCount => (int)(((long)_count + _blockSize - 1) / _blockSize);

    /// <summary>Rows of a block.</summary>
    internal int RowsOf(int block) => (int)Math.Min(_blockSize, _count - ((long)block * _blockSize));

    /// <summary>Starts to write.</summary>
    /// <param name="seed">The same seed deals the same rows to the same blocks.</param>
    /// <param name="bufferBytes">How much memory may buffer what is written.</param>
    internal Writer CreateWriter(int seed, long bufferBytes) => new(this, seed, (int)Math.Clamp(bufferBytes / BlockCount, RowBytes(_featureCount, _hasWeights), MostBuffer));

    /// <summary>Reads a block.</summary>
    /// <param name="block">Which.</param>
    /// <param name="into">As many rows.</param>
    internal void Read(int block, Examples<float> into)
    {
        long at = FeaturesAt(block);
        Read(into.Features, ref at);
        Read(into.Targets, ref at);
        if (into.Weights is { } weights)
            Read(weights, ref at);
    }

    public void Dispose() => _file.Dispose();

    private long FeaturesAt(int block) => (long)block * _blockSize * RowBytes(_featureCount, _hasWeights);

    private void Read(Span<float> values, ref long at)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(_file, bytes, at);
            if (count == 0)
                throw new IOException("the temporary file with the training rows has become shorter. Train again.");
            bytes = bytes[count..];
            at += count;
        }
    }

    /// <summary>Deals rows to the blocks.</summary>
    internal sealed class Writer : ExampleRows
    {
        private readonly PackedFile _packed;
        private readonly RandomSource _random;
        private readonly (Column Features, Column Targets, Column? Weights)[] _blocks;
        private readonly int[] _round;
        private int _left;
        private long _rounds;

        internal Writer(PackedFile packed, int seed, int bufferBytes) : base(packed._count)
        {
            (_packed, _random, _round) = (packed, new(seed), new int[packed.BlockCount]);
            _blocks = [.. Enumerable.Range(0, packed.BlockCount).Select(block =>
            {
                long rows = packed.RowsOf(block), at = packed.FeaturesAt(block), targets = at + (rows * packed._featureCount * sizeof(float)), weights = targets + (rows * sizeof(float));
                int labels = Math.Max(sizeof(float), bufferBytes / (packed._featureCount + 1));
                return (new Column(packed._file, at, bufferBytes), new Column(packed._file, targets, labels), packed._hasWeights ? new Column(packed._file, weights, labels) : null);
            })];
        }

        private protected override void Keep(ReadOnlySpan<float> features, float target, float weight)
        {
            (Column rows, Column targets, Column? weights) = _blocks[Next()];
            rows.Write(features);
            targets.Write([target]);
            weights?.Write([weight]);
        }

        private protected override void Flush()
        {
            foreach ((Column rows, Column targets, Column? weights) in _blocks)
            {
                rows.Flush();
                targets.Flush();
                weights?.Flush();
            }
        }

        /// <summary>In every round each block gets a row, in an order drawn anew; the last, which is smaller, in as many rounds as it has rows, evenly spread.</summary>
        private int Next()
        {
            if (_left == 0)
            {
                int last = _round.Length - 1;
                long size = _packed._blockSize, rows = _packed.RowsOf(last);
                bool all = (_rounds + 1) * rows / size > _rounds * rows / size;
                _rounds++;
                _left = all ? _round.Length : last;
                for (int i = 0; i < _left; i++)
                    _round[i] = i;
                _random.Shuffle(_round.AsSpan(0, _left));
            }
            return _round[--_left];
        }
    }

    /// <summary>Numbers that are written one behind the other.</summary>
    private sealed class Column(SafeFileHandle file, long at, int bufferBytes)
    {
        private readonly byte[] _buffer = new byte[bufferBytes];
        private long _at = at;
        private int _count;

        internal void Write(ReadOnlySpan<float> values)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
            if (_count + bytes.Length > _buffer.Length)
                Flush();
            bytes.CopyTo(_buffer.AsSpan(_count));
            _count += bytes.Length;
        }

        internal void Flush()
        {
            RandomAccess.Write(file, _buffer.AsSpan(0, _count), _at);
            _at += _count;
            _count = 0;
        }
    }
}
