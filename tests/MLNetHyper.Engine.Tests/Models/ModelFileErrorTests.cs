using System.Security.Cryptography;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Damaged and foreign files: one kind of exception, which names the file, and never a model that nobody saved.</summary>
[TestClass]
public sealed class ModelFileErrorTests : IDisposable
{
    private const int VersionAt = 8;
    private const int ChecksumAt = 12;
    private const int HeaderLength = ChecksumAt + SHA256.HashSizeInBytes;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_file_cut_short_anywhere_or_grown_is_refused()
    {
        byte[] good = Saved();
        for (int length = 0; length < good.Length; length++)
            IsRefused(good[..length], length < HeaderLength ? "this is not a model" : "damaged");
        IsRefused([.. good, 0], "damaged");
    }

    [TestMethod]
    public void A_flipped_bit_anywhere_is_noticed()
    {
        byte[] good = Saved();
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            IsRefused(bad, i < VersionAt ? "this is not a model" : i < ChecksumAt ? "version" : "damaged");
        }
    }

    [TestMethod]
    [DataRow(9)]
    [DataRow(int.MaxValue)]
    [DataRow(0)]
    [DataRow(-1)]
    public void Another_format_version_is_named(int version)
    {
        byte[] bad = Saved();
        BitConverter.GetBytes(version).CopyTo(bad, VersionAt);
        IsRefused(bad, $"format version {version}");
    }

    [TestMethod]
    public void Foreign_files_are_no_model()
    {
        IsRefused("a,b,y\n1,2,3\n"u8.ToArray(), "this is not a model that");
        IsRefused([0x50, 0x4b, 3, 4, .. new byte[200]], "this is not a model that");
        var random = new Random(9);
        foreach (int length in new[] { 1, 8, 43, 44, 45, 1000, 100_000 })
        {
            byte[] bad = new byte[length];
            random.NextBytes(bad);
            IsRefused(bad, "this is not a model that");
        }
    }

    [TestMethod]
    public void A_missing_file_and_a_folder_are_named()
    {
        Directory.CreateDirectory(_folder["folder"]);
        foreach (string name in new[] { "none", "folder" })
            Fails(() => OnePassModel.Load(_folder[name]), _folder[name], "no such model file");
    }

    /// <summary>A checksum is no seal: whoever can write the content can write it too.</summary>
    [TestMethod]
    public void Nonsense_with_a_right_checksum_is_refused_alike_or_does_no_harm()
    {
        byte[] good = Saved();
        byte[] flips = [0x01, 0x80, 0xff];
        Table table = TrainingTables.Create(LearningTask.Binary, 5);
        for (int i = HeaderLength; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= flips[i % flips.Length];
            Reseal(bad);
            File.WriteAllBytes(_folder["bad"], bad);
            try
            {
                OnePassModel.Load(_folder["bad"]).Predict(table);
            }
            catch (DataFormatException)
            {
            }
        }
    }

    [TestMethod]
    public void Content_cut_short_or_grown_under_a_right_checksum_is_refused()
    {
        byte[] good = Saved();
        for (int length = HeaderLength; length <= good.Length + 1; length++)
        {
            if (length == good.Length)
                continue;
            byte[] bad = new byte[length];
            good.AsSpan(0, Math.Min(length, good.Length)).CopyTo(bad);
            Reseal(bad);
            IsRefused(bad);
        }
    }

    private static void Reseal(byte[] file) => SHA256.HashData(file.AsSpan(HeaderLength), file.AsSpan(ChecksumAt));

    private byte[] Saved()
    {
        TrainedModels.Of(LearningTask.Binary).Save(_folder["model"]);
        return File.ReadAllBytes(_folder["model"]);
    }

    private void IsRefused(byte[] content, params string[] faults)
    {
        string path = _folder["bad"];
        File.WriteAllBytes(path, content);
        DataFormatException e = Fails(() => OnePassModel.Load(path), [path, .. faults]);
        Assert.AreEqual(path, e.File);
    }
}
