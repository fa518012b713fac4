using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetHyper.Engine;

/// <summary>Network and data of a run, for <see cref="LoopOptions.Fingerprint"/>; the loop itself knows the rest.</summary>
internal static class RunFingerprint
{
    /// <summary>Of data that come in several blocks, only their sizes and the first block are looked at: reading all may take long.</summary>
    internal static string Of(Architecture architecture, ExampleSource<float> training, Examples<float>? validation) => string.Join('\n',
        $"network: {architecture.Inputs}-{string.Concat(architecture.Hidden.Select(units => $"{units}-"))}{architecture.Outputs}, {architecture.Activation}, {architecture.Loss}",
        $"rows of a block: {(training.Share is null ? $"{Math.Min(training.BlockSize, training.Count)}" : "each worker's own")}",
        $"inputs: {(training.Widening.Count == 0 ? "as they are" : Hash(training.Widening))}",
        $"training rows: {(training.Share is { } share ? share.Identity : training.BlockCount > 0 ? Hash(training.BlockAt(0, 0)) : "none")}",
        $"validation rows: {(validation is null ? "none" : Hash(validation))}");

    private static string Hash(IReadOnlyList<InputTransform> transforms)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        InputTransforms.Write(writer, transforms);
        return Convert.ToHexString(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    internal static string Hash(Examples<float> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Features));
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Targets));
        hash.AppendData([examples.Weights is null ? (byte)0 : (byte)1]);
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Weights ?? []));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
