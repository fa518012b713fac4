using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// Memory aligned to a cache line that the collector never moves and frees like any array: an array on the pinned heap, entered
/// at its first aligned element. Full-width vector loads then never straddle two lines, and the last one may reach behind the last element.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> where T : unmanaged
{
    private const int Alignment = 64;

    // Kept only so that the array lives as long as the pointer into it.
    private readonly T[] _array;
    private readonly int _offset;

    /// <param name="length">Elements; a product of sizes is to be taken in 64 bits, since in 32 it may wrap to a buffer that is too short.</param>
    /// <exception cref="InsufficientMemoryException">There are more elements than an array can have.</exception>
    internal AlignedBuffer(long length)
    {
        int padding = Alignment / sizeof(T);
        if (length > Array.MaxLength - (2 * padding))
            throw new InsufficientMemoryException($"{length} numbers in one block are needed, but an array can have {Array.MaxLength - (2 * padding)}. Use a smaller network, smaller batches or fewer directions.");
        Length = (int)length;
        _array = GC.AllocateArray<T>(((Length + padding - 1) / padding * padding) + padding, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref _array[0]);
        _offset = (int)((((start + Alignment - 1) & ~(nint)(Alignment - 1)) - start) / sizeof(T));
        Pointer = (T*)start + _offset;
    }

    private AlignedBuffer(AlignedBuffer<T> whole, int start, int length)
    {
        (_array, _offset, Length) = (whole._array, whole._offset + start, length);
        Pointer = whole.Pointer + start;
    }

    internal int Length { get; }

    internal T* Pointer { get; }

    /// <summary>A part of it that begins at a cache line.</summary>
    internal AlignedBuffer<T> Part(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(start * sizeof(T) % Alignment, 0, nameof(start));
        _ = Span.Slice(start, length);
        return new(this, start, length);
    }

    internal Span<T> Span => _array.AsSpan(_offset, Length);
}
