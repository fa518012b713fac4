using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Owns all vectors of one objective, so that nothing is left on the device when the objective is disposed of.</summary>
internal sealed class VectorPool(Device device, ScalarType type) : IDisposable
{
    private readonly List<TorchVector> _vectors = [];
    private bool _isDisposed;

    internal Device Device => device;

    internal ScalarType Type => type;

    internal int Count => _vectors.Count;

    internal TorchVector Create(long length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(VectorPool));
        var vector = new TorchVector(this, length);
        _vectors.Add(vector);
        return vector;
    }

    internal Tensor Zeros(long length) => zeros(length, dtype: type, device: device).DetachFromDisposeScope();

    public void Dispose()
    {
        _isDisposed = true;
        foreach (TorchVector vector in _vectors)
            vector.Tensor.Dispose();
        _vectors.Clear();
    }
}
