using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class FashionMnistTests
{
    private static readonly string[] _files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Every_byte_comes_out_where_it_belongs_compressed_or_not(bool compressed)
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(60, 20, compressed);
        ImageDataset data = FashionMnist.Load(folder.Path);
        (byte[] pixels, byte[] labels) = PublishedFolder.Images(60, 784, 1);
        CollectionAssert.AreEqual(pixels, data.Published.Pixels.ToArray());
        CollectionAssert.AreEqual(labels, data.Published.Labels.ToArray());
        CollectionAssert.AreEqual(PublishedFolder.Images(20, 784, 2).Pixels, data.Test.Pixels.ToArray());
        Assert.AreEqual((1, 28, 28, 10), (data.Test.Channels, data.Test.Height, data.Test.Width, data.Test.Classes));
        // The last sixth: 10000 of 60000.
        Assert.AreEqual((50, 10, 20), (data.Train.Count, data.Validation.Count, data.Test.Count));
        CollectionAssert.AreEqual(pixels[..(50 * 784)], data.Train.Pixels.ToArray());
        CollectionAssert.AreEqual(labels[50..], data.Validation.Labels.ToArray());
    }

    [TestMethod]
    public void Damage_at_every_byte_of_every_header_is_found()
    {
        foreach (string name in _files)
        {
            using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(12, 6);
            byte[] good = File.ReadAllBytes(folder[name]);
            for (int at = 0; at < (name.Contains("images") ? 16 : 8); at++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] bad = [.. good];
                    bad[at] ^= (byte)(1 << bit);
                    folder.Write(name, bad);
                    Fails(() => FashionMnist.Load(folder.Path), folder[name], "Download the file again", "zalandoresearch");
                }
            }
        }
    }

    [TestMethod]
    public void Files_of_any_other_length_are_refused()
    {
        foreach (string name in _files)
        {
            using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(12, 6);
            byte[] good = File.ReadAllBytes(folder[name]);
            foreach (int length in Enumerable.Range(0, good.Length).Where(n => n < 20 || n % 97 == 0 || n > good.Length - 3))
            {
                folder.Write(name, good[..length]);
                Fails(() => FashionMnist.Load(folder.Path), folder[name], "bytes");
            }
            folder.Write(name, [.. good, 0]);
            Fails(() => FashionMnist.Load(folder.Path), folder[name], "bytes follow");
        }
    }

    [TestMethod]
    public void Damaged_compression_never_changes_the_data_unnoticed()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(60, 20, compressed: true);
        string name = "t10k-labels-idx1-ubyte.gz";
        byte[] good = File.ReadAllBytes(folder[name]), labels = FashionMnist.Load(folder.Path).Test.Labels.ToArray();
        int refused = 0;
        for (int at = 0; at < good.Length; at++)
        {
            byte[] flipped = [.. good];
            flipped[at] ^= 0x10;
            foreach (byte[] bad in new[] { flipped, good[..at] })
            {
                folder.Write(name, bad);
                try
                {
                    CollectionAssert.AreEqual(labels, FashionMnist.Load(folder.Path).Test.Labels.ToArray());
                }
                catch (DataFormatException exception)
                {
                    Assert.Contains(folder[name], exception.Message);
                    refused++;
                }
            }
        }
        // A time stamp, the system's name and a check sum that is cut off are no data.
        Assert.IsGreaterThanOrEqualTo((2 * good.Length) - 20, refused);
        folder.Write(name, [.. "not compressed"u8]);
        Fails(() => FashionMnist.Load(folder.Path), folder[name], "damaged or cut off");
    }

    [TestMethod]
    public void Absent_files_are_named_with_all_that_are_needed()
    {
        foreach (string name in _files)
        {
            using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(12, 6);
            File.Delete(folder[name]);
            Fails(() => FashionMnist.Load(folder.Path), [folder.Path, $"no file {name} or {name}.gz", .. _files, "zalandoresearch"]);
        }
        using PublishedFolder empty = new();
        Fails(() => FashionMnist.Load(empty["none"]), "no such folder", _files[0]);
    }

    [TestMethod]
    public void Labels_must_be_classes_and_as_many_as_images()
    {
        using PublishedFolder folder = new PublishedFolder().WriteFashionMnist(12, 6);
        folder.Write(_files[1], PublishedFolder.Idx([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 12));
        Fails(() => FashionMnist.Load(folder.Path), folder[_files[1]], "label of image 11 is 10", "0 to 9");
        folder.Write(_files[1], PublishedFolder.Idx(new byte[11], 11));
        Fails(() => FashionMnist.Load(folder.Path), folder[_files[1]], "11 labels", "12 images");
        folder.WriteFashionMnist(5, 6);
        Fails(() => FashionMnist.Load(folder.Path), folder[_files[0]], "only 5 images");
        folder.Write(_files[0], PublishedFolder.Idx([], 0, 28, 28));
        Fails(() => FashionMnist.Load(folder.Path), folder[_files[0]], "nothing");
    }
}
