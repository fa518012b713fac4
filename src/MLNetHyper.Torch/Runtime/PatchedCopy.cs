using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MLNetHyper.Torch;

/// <summary>
/// Where Linux has an older C++ library than TorchSharp's own library asks for, a copy of that which does not insist, in the user's
/// cache. What it must hold is computed from the original each time, so that a copy that somebody has changed is never loaded.
/// </summary>
internal static class PatchedCopy
{
    /// <summary>TorchSharp's own native library, whose name is also how the copy is found once it is loaded.</summary>
    internal const string LibraryName = "libLibTorchSharp.so";

    /// <summary>The variable that allows it.</summary>
    internal const string Variable = "MLNETHYPER_TORCH_PATCHED_COPY";

    /// <summary>Whether the variable's value allows it; null where it is neither a yes nor a no.</summary>
    internal static bool? Allows(string? value) => value?.Trim().ToUpperInvariant() switch
    {
        null or "" or "0" or "FALSE" or "NO" or "OFF" => false,
        "1" or "TRUE" or "YES" or "ON" => true,
        _ => null,
    };

    /// <summary>The folder of the copies: <c>$XDG_CACHE_HOME/mlnethyper/torchsharp</c>, or the same in <c>~/.cache</c>.</summary>
    internal static string Folder
    {
        get
        {
            // By the XDG Base Directory Specification, a relative path counts as none.
            string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathFullyQualified(named)
                ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "mlnethyper", "torchsharp");
        }
    }

    /// <summary>Makes the copy, or finds the one that is there to be as it must.</summary>
    /// <param name="missing">What the loader misses.</param>
    /// <param name="folder">Where the copies are kept.</param>
    /// <returns>The copy's path.</returns>
    /// <exception cref="InvalidDataException">The original is not what is expected.</exception>
    /// <exception cref="IOException">The copy could not be kept.</exception>
    [SupportedOSPlatform("linux")]
    internal static string Make(MissingVersion missing, string folder)
    {
        byte[] copy = missing.Weakened();
        PrivateFolder.Ensure(Path.GetDirectoryName(folder)!);
        PrivateFolder.Ensure(folder);
        string path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(LibraryName)}-{Convert.ToHexStringLower(SHA256.HashData(copy))[..16]}.so");
        PrivateFolder.Hold(path, copy);
        return path;
    }
}
