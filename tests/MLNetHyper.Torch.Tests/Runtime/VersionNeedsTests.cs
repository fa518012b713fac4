using System.Numerics;

namespace MLNetHyper.Torch.Tests.Runtime;

/// <summary>A library without one of its needs, as the loader of Linux reads it.</summary>
[TestClass]
public sealed class VersionNeedsTests
{
    [TestMethod]
    public void Nothing_but_the_mark_of_the_one_need_differs()
    {
        SmallLibrary library = new();
        byte[] original = [.. library.Bytes], copy = Weaken(library.Bytes);
        CollectionAssert.AreEqual(original, library.Bytes);
        CollectionAssert.AreEqual(library.Put(library.Flags, 2, 2).Bytes, copy);
    }

    [TestMethod]
    public void In_TorchSharps_own_library_one_bit_differs()
    {
        byte[] original = File.ReadAllBytes(Native(PatchedCopy.LibraryName));
        byte[] copy = VersionNeeds.Weaken(original, PatchedCopy.LibraryName, SmallLibrary.Version);
        Assert.AreEqual(1, DifferentBits(original, copy));
        // What it does use it cannot do without: RHEL 9 has no GLIBCXX_3.4.30.
        Assert.Contains("it uses GLIBCXX_3.4.30", Refused(original, "GLIBCXX_3.4.30"));
        Assert.Contains("it uses GLIBC_2.34", Refused(original, "GLIBC_2.34"));
    }

    [TestMethod]
    public void What_is_used_is_not_given_up()
    {
        Assert.Contains("it uses GLIBCXX_3.4.32", Refused(new SmallLibrary(used: true).Bytes));
        Assert.Contains("it uses GLIBCXX_3.4.32", Refused(new SmallLibrary(called: true).Bytes));
    }

    [TestMethod]
    public void Other_files_are_refused_with_what_they_are()
    {
        Assert.Contains("no ELF file", Refused([]));
        Assert.Contains("no ELF file", Refused("MZ"u8.ToArray()));
        foreach ((int at, int value, string part) in (ReadOnlySpan<(int, int, string)>)[(0, 0, "no ELF file"), (4, 1, "64-bit"), (5, 2, "64-bit"), (16, 2, "64-bit"), (18, 183, "64-bit"), (54, 32, "program headers"), (56, 0, "dynamic section"), (56, 255, "ends before")])
            Assert.Contains(part, Refused(new SmallLibrary().Put(at, value, 1).Bytes));
        Assert.Contains("does not ask for GLIBCXX_3.4.33", Refused(new SmallLibrary().Bytes, "GLIBCXX_3.4.33"));
        SmallLibrary weak = new();
        Assert.Contains("weak already", Refused(weak.Put(weak.Flags, 2, 2).Bytes));
        Assert.Contains("it is not libother.so", Assert.ThrowsExactly<InvalidDataException>(() => VersionNeeds.Weaken(new SmallLibrary().Bytes, "libother.so", SmallLibrary.Version)).Message);
        Assert.Contains("it is not lib", Refused(File.ReadAllBytes(Native("libtorch.so"))));
    }

    [TestMethod]
    public void Damaged_files_are_refused_or_give_one_bit()
    {
        var random = new Random(1);
        byte[] whole = new SmallLibrary().Bytes;
        int refused = 0, weakened = 0;
        for (int i = 0; i < 30_000; i++)
        {
            byte[] damaged = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int n = random.Next(1, 8); n > 0 && damaged.Length > 8; n--)
            {
                int at = random.Next(damaged.Length - 8);
                // Where it matters most: small numbers, large ones and any.
                if (random.Next(3) == 0)
                    damaged.AsSpan(at & ~7, 8).Fill((byte)(random.Next(2) * 255));
                else
                    damaged[at] = (byte)random.Next(256);
            }
            try
            {
                byte[] copy = Weaken(damaged);
                Assert.AreEqual(1, DifferentBits(damaged, copy));
                weakened++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsTrue(refused > 1000 && weakened > 1000, $"{refused} refused, {weakened} weakened");
    }

    [TestMethod]
    public void What_the_loader_misses_is_read_in_any_language()
    {
        const string path = "/opt/my app/runtimes/linux-x64/native/libLibTorchSharp.so";
        MissingVersion expected = new("GLIBCXX_3.4.32", path);
        Assert.AreEqual(expected, MissingVersion.In($"Unable to load shared library 'LibTorchSharp'.\n/a/LibTorchSharp.so: cannot open shared object file\n/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by {path})\n/b: no"));
        Assert.AreEqual(expected, MissingVersion.In($"/lib/libstdc++.so.6: Version »GLIBCXX_3.4.32« nicht gefunden (benötigt von {path})"));
        Assert.IsNull(MissingVersion.In("/lib/libc.so.6: version `GLIBC_2.29' not found (required by /a/libtorch_cpu.so)\n/a/libLibTorchSharp.so: cannot open"));
        Assert.IsNull(MissingVersion.In("/a/libLibTorchSharp.so: cannot open shared object file: No such file or directory"));
    }

    /// <summary>A native library beside the tests.</summary>
    internal static string Native(string name) => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", name);

    private static byte[] Weaken(byte[] library) => VersionNeeds.Weaken(library, PatchedCopy.LibraryName, SmallLibrary.Version);

    private static string Refused(byte[] library, string version = SmallLibrary.Version) =>
        Assert.ThrowsExactly<InvalidDataException>(() => VersionNeeds.Weaken(library, PatchedCopy.LibraryName, version)).Message;

    private static int DifferentBits(byte[] a, byte[] b)
    {
        Assert.HasCount(a.Length, b);
        return a.Zip(b, (x, y) => BitOperations.PopCount((uint)(x ^ y))).Sum();
    }
}
