using System.Runtime.Versioning;

namespace MLNetHyper.Torch.Tests.Runtime;

/// <summary>The copy in the cache: for the user alone, and never another than it must be.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class PatchedCopyTests
{
    private const UnixFileMode ForFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite, ForFolders = ForFiles | UnixFileMode.UserExecute;
    private const UnixFileMode ForAll = (UnixFileMode)0b111_111_111;

    [TestMethod]
    public void It_is_the_users_alone_and_is_made_once()
    {
        using Place place = new();
        string copy = place.Make();
        CollectionAssert.AreEqual(place.Expected, File.ReadAllBytes(copy));
        Assert.AreEqual((ForFiles, ForFolders, ForFolders), (File.GetUnixFileMode(copy), File.GetUnixFileMode(place.Cache), File.GetUnixFileMode(Path.GetDirectoryName(place.Cache)!)));
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, old);
        Assert.AreEqual(copy, place.Make());
        Assert.AreEqual(old, File.GetLastWriteTimeUtc(copy));
    }

    [TestMethod]
    public void What_others_could_write_to_is_closed_first()
    {
        using Place place = new();
        string copy = place.Make();
        File.SetUnixFileMode(copy, ForAll);
        File.SetUnixFileMode(place.Cache, ForAll);
        place.Make();
        Assert.AreEqual((ForFiles, ForFolders), (File.GetUnixFileMode(copy), File.GetUnixFileMode(place.Cache)));
    }

    [TestMethod]
    [DataRow("one byte")]
    [DataRow("shorter")]
    [DataRow("empty")]
    [DataRow("the original")]
    public void A_copy_that_has_been_changed_is_replaced(string how)
    {
        using Place place = new();
        string copy = place.Make();
        byte[] other = [.. place.Expected];
        other[^1] ^= 1;
        File.WriteAllBytes(copy, how switch { "one byte" => other, "shorter" => other[..^9], "empty" => [], _ => new SmallLibrary().Bytes });
        Assert.AreEqual(copy, place.Make());
        CollectionAssert.AreEqual(place.Expected, File.ReadAllBytes(copy));
        Assert.HasCount(1, Directory.GetFileSystemEntries(place.Cache));
    }

    [TestMethod]
    public void A_link_in_the_copys_place_is_replaced_and_its_target_is_left()
    {
        using Place place = new();
        string copy = place.Make(), target = Path.Combine(place.Folder, "target");
        File.Move(copy, target);
        File.SetUnixFileMode(target, ForAll);
        File.CreateSymbolicLink(copy, target);
        place.Make();
        Assert.IsNull(new FileInfo(copy).LinkTarget);
        Assert.AreEqual((ForFiles, ForAll), (File.GetUnixFileMode(copy), File.GetUnixFileMode(target)));
    }

    [TestMethod]
    public void A_link_in_the_folders_place_is_refused()
    {
        using Place place = new();
        string elsewhere = Directory.CreateDirectory(Path.Combine(place.Folder, "elsewhere")).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(place.Cache)!);
        Directory.CreateSymbolicLink(place.Cache, elsewhere);
        Assert.Contains("is a link", Assert.ThrowsExactly<IOException>(() => place.Make()).Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(elsewhere));
    }

    [TestMethod]
    public void Another_users_folder_is_refused()
    {
        if (Environment.UserName == "root")
            Assert.Contains("belongs to another user", Assert.ThrowsExactly<IOException>(() => PrivateFolder.Ensure(Others())).Message);
        else
            Assert.Contains("belongs to another user", Assert.ThrowsExactly<IOException>(() => PrivateFolder.Ensure("/usr")).Message);

        // The folder of mail belongs to the group of mail, games to nobody in particular: whatever is not root's.
        static string Others() => Directory.EnumerateDirectories("/var", "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true })
            .FirstOrDefault(d => PrivateFolder.IsAnothers(d)) ?? throw new AssertInconclusiveException("Everything here is root's.");
    }

    [TestMethod]
    public async Task Many_at_once_have_one_whole_copy()
    {
        using Place place = new();
        string[] made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(place.Make)));
        Assert.HasCount(1, made.Distinct());
        CollectionAssert.AreEqual(place.Expected, File.ReadAllBytes(made[0]));
        Assert.HasCount(1, Directory.GetFileSystemEntries(place.Cache));
    }

    [TestMethod]
    public void Another_original_has_another_copy()
    {
        using Place place = new();
        string first = place.Make();
        File.WriteAllBytes(place.Missing.Library, new SmallLibrary().Put(0x500, 1, 1).Bytes);
        Assert.AreNotEqual(first, place.Make());
        File.WriteAllBytes(place.Missing.Library, [1, 2, 3]);
        Assert.ThrowsExactly<InvalidDataException>(() => place.Make());
        Assert.HasCount(2, Directory.GetFileSystemEntries(place.Cache));
    }

    [TestMethod]
    public void The_variable_says_yes_or_no()
    {
        foreach ((string? value, bool? allows) in (ReadOnlySpan<(string?, bool?)>)[(null, false), ("", false), ("0", false), ("False", false), ("no", false), ("1", true), (" true ", true), ("YES", true), ("on", true), ("maybe", null), ("2", null)])
            Assert.AreEqual(allows, PatchedCopy.Allows(value), value);
    }

    /// <summary>An original and a cache in a folder of their own.</summary>
    private sealed class Place : IDisposable
    {
        internal Place()
        {
            Missing = new(SmallLibrary.Version, Path.Combine(Folder, PatchedCopy.LibraryName));
            File.WriteAllBytes(Missing.Library, new SmallLibrary().Bytes);
            Expected = Missing.Weakened();
        }

        internal string Folder { get; } = Directory.CreateTempSubdirectory("mlnethyper-torch-").FullName;

        internal string Cache => Path.Combine(Folder, "mlnethyper", "torchsharp");

        internal MissingVersion Missing { get; }

        internal byte[] Expected { get; }

        internal string Make() => PatchedCopy.Make(Missing, Cache);

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
