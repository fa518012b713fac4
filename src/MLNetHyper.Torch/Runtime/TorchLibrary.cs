using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;

namespace MLNetHyper.Torch;

/// <summary>Loads libtorch, and TorchSharp's own native library, before TorchSharp does: that would say little of what is wrong, and write it to the console.</summary>
internal static class TorchLibrary
{
    private const string LoadName = "LibTorchSharp";

    private const string Elsewhere = "a system with newer ones, such as Debian 13, Ubuntu 24.04 or RHEL 10, or the managed engine, which needs none of it";

    /// <summary>Loads them.</summary>
    /// <param name="patched">Whether a <see cref="PatchedCopy"/> may be loaded; null for an answer that is neither a yes nor a no.</param>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    /// <exception cref="TorchUnavailableException">It is there, but this system cannot load it.</exception>
    internal static void Load(bool? patched)
    {
        // Before the copy, which lies elsewhere: what is loaded already, the loader finds by its name, wherever it was.
        bool found = TryLoad("torch_cpu") | TryLoad("torch");
        try
        {
            NativeLibrary.Load(LoadName, typeof(torch).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            if (OperatingSystem.IsLinux() && MissingVersion.In(e.Message) is { } missing)
                LoadCopy(missing, patched);
            // In notebooks TorchSharp brings the two together by itself.
            else if (!found)
                throw new DllNotFoundException("neither LibTorchSharp nor torch_cpu is among the application's native libraries", e);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void LoadCopy(MissingVersion missing, bool? patched)
    {
        string folder = PatchedCopy.Folder;
        try
        {
            if (patched is true)
            {
                // From now on the loader has a library of this name, which is what TorchSharp asks for.
                NativeLibrary.Load(PatchedCopy.Make(missing, folder));
                return;
            }
            missing.Weakened();
        }
        catch (InvalidDataException e)
        {
            throw new TorchUnavailableException($"{Wants(missing)}; no copy without that demand can be made of {missing.Library}, since {e.Message}. Use {Elsewhere}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new TorchUnavailableException($"{Wants(missing)}; a copy without that demand could not be kept in {folder} and loaded from there: {e.Message.Split('\n')[^1].TrimEnd('.', '\r')}. Set XDG_CACHE_HOME to a folder of your own from which programs may be run, or use {Elsewhere}.", e);
        }
        string answer = patched is null ? " (it is set, but to neither)" : "";
        throw new TorchUnavailableException($"{Wants(missing)}, but uses nothing of it. A copy without that demand works: set the environment variable {PatchedCopy.Variable} to 1 (0 for no){answer}, or {nameof(TorchRuntime)}.{nameof(TorchRuntime.UsePatchedCopy)} to true before anything else of TorchSharp, and one is kept in {folder} and loaded instead. Or use {Elsewhere}.");
    }

    private static string Wants(MissingVersion missing) =>
        $"TorchSharp could not be loaded on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier}): its {PatchedCopy.LibraryName} asks for {missing.Version}, which the libraries of this system are too old to have";

    private static bool TryLoad(string name) => NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out _);
}
