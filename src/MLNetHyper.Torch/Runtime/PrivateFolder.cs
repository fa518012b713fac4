using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace MLNetHyper.Torch;

/// <summary>A folder on Linux that nobody but the user may look into or write to, with files that hold what they should.</summary>
[SupportedOSPlatform("linux")]
internal static class PrivateFolder
{
    private const UnixFileMode ForFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForFolders = ForFiles | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, or makes one that is there the user's alone.</summary>
    /// <exception cref="IOException">It is a link, or another user's.</exception>
    internal static void Ensure(string folder)
    {
        Directory.CreateDirectory(folder, ForFolders);
        Claim(folder, ForFolders);
    }

    /// <summary>Sees to it that a file holds these bytes: it is left if it does, else replaced as a whole, so that whoever reads it meanwhile has one or the other.</summary>
    /// <param name="path">In a folder that is <see cref="Ensure">the user's alone</see>.</param>
    /// <param name="content">What the file shall hold.</param>
    internal static void Hold(string path, byte[] content)
    {
        byte[] wanted = SHA256.HashData(content);
        if (IsPlainFile(path) && Hash(path).SequenceEqual(wanted))
        {
            Claim(path, ForFiles);
            return;
        }
        string fresh = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ForFiles }))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
        if (!IsPlainFile(path) || !Hash(path).SequenceEqual(wanted))
            throw new IOException($"{path} does not hold what was written to it");
    }

    /// <summary>Whether another user is the owner.</summary>
    internal static bool IsAnothers(string path) => Owner(path) != GetEffectiveUser();

    private static bool IsPlainFile(string path) => File.Exists(path) && new FileInfo(path).LinkTarget is null && !IsAnothers(path);

    private static byte[] Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }

    private static void Claim(string path, UnixFileMode mode)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new IOException($"{path} is a link, to {target}");
        if (IsAnothers(path))
            throw new IOException($"{path} belongs to another user");
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>The number of a file's owner; of a link's, not of what it leads to.</summary>
    private static uint Owner(string path)
    {
        const int here = -100, notThroughLinks = 0x100;
        const uint owner = 8;
        // struct statx is the same on all processors; the owner is at 20, which of its fields are filled at 0.
        byte[] status = new byte[256];
        if (GetStatus(here, [.. Encoding.UTF8.GetBytes(path), 0], notThroughLinks, owner, status) != 0 || (BinaryPrimitives.ReadUInt32LittleEndian(status) & owner) == 0)
            throw new IOException($"the owner of {path} could not be found out");
        return BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(20));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetStatus(int folder, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUser();
}
