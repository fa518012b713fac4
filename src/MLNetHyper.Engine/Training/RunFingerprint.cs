using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Engine;

/// <summary>Everything that a run depends on but its budget, which may be raised on resuming, as one short text.</summary>
internal static class RunFingerprint
{
    /// <summary>Of data that come in several blocks, only their sizes and the first block are looked at: reading all may take long.</summary>
    internal static string Of(Architecture architecture, ExampleSource<float> training, Examples<float>? validation, OnePassOptions options)
    {
        bool inBlocks = training.BlockCount > 1;
        int validating = validation?.Count ?? 0;
        string settings = string.Create(CultureInfo.InvariantCulture,
            $"{architecture.Inputs}-{string.Join('-', architecture.Hidden)}-{architecture.Outputs}|{architecture.Activation}|{architecture.Loss}|{options.Seed}|{training.Count}|{training.FeatureCount}|{Math.Min(training.BlockSize, training.Count)}|{validating}|{options.BatchSizeFor(training.Count, inBlocks)}|{options.ValidationBatchSizeFor(training.Count, validating, inBlocks)}|{options.InitialWeights?.Count ?? -1}|{string.Join('|', options.Hyperparameters())}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        hash.AppendData(MemoryMarshal.AsBytes<double>(options.InitialWeights?.ToArray() ?? []));
        if (training.BlockCount > 0)
            Append(hash, training.BlockAt(0, 0));
        if (validation is not null)
            Append(hash, validation);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Examples<float> examples)
    {
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Features));
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Targets));
        hash.AppendData([examples.Weights is null ? (byte)0 : (byte)1]);
        hash.AppendData(MemoryMarshal.AsBytes<float>(examples.Weights ?? []));
    }
}
