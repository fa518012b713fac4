using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class Cifar10Tests
{
    private const int Record = 3073;

    [TestMethod]
    [DataRow("")]
    [DataRow("cifar-10-batches-bin")]
    public void Every_byte_comes_out_where_it_belongs(string subfolder)
    {
        using PublishedFolder folder = new PublishedFolder().WriteCifar10(4, subfolder);
        ImageDataset data = Cifar10.Load(folder.Path);
        // The last tenth validates: 5000 of 50000.
        Assert.AreEqual((18, 2, 4), (data.Train.Count, data.Validation.Count, data.Test.Count));
        Assert.AreEqual((3, 32, 32, 10), (data.Train.Channels, data.Train.Height, data.Train.Width, data.Train.Classes));
        byte[] pixels = [.. Enumerable.Range(0, 5).SelectMany(seed => PublishedFolder.Images(4, 3072, seed).Pixels)];
        CollectionAssert.AreEqual(pixels, data.Published.Pixels.ToArray());
        CollectionAssert.AreEqual(pixels[(18 * 3072)..], data.Validation.Pixels.ToArray());
        CollectionAssert.AreEqual(PublishedFolder.Images(4, 3072, 5).Pixels, data.Test.Pixels.ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 3 }, data.Test.Labels.ToArray());
    }

    [TestMethod]
    [DataRow("data_batch_1.bin")]
    [DataRow("data_batch_5.bin")]
    [DataRow("test_batch.bin")]
    public void Absent_cut_and_wrong_files_are_refused(string name)
    {
        using PublishedFolder folder = new PublishedFolder().WriteCifar10();
        byte[] good = File.ReadAllBytes(folder[name]);
        // A multiple of a record's length, too: all files have as many images.
        foreach (int length in new[] { 0, 1, 3072, Record, Record + 1, 3 * Record, (4 * Record) - 1 })
        {
            folder.Write(name, good[..length]);
            Fails(() => Cifar10.Load(folder.Path), folder[name], "Download the file again", "kriz/cifar.html");
        }
        for (int image = 0; image < 4; image++)
        {
            byte[] bad = [.. good];
            bad[image * Record] = 10;
            folder.Write(name, bad);
            Fails(() => Cifar10.Load(folder.Path), folder[name], $"label of image {image + 1} is 10");
        }
        File.Delete(folder[name]);
        Fails(() => Cifar10.Load(folder.Path), folder.Path, $"no file {name} or ", "data_batch_1.bin to data_batch_5.bin and test_batch.bin", "cifar-10-batches-bin");
    }

    [TestMethod]
    public void Too_few_images_leave_none_to_validate()
    {
        using PublishedFolder folder = new PublishedFolder().WriteCifar10(1);
        Fails(() => Cifar10.Load(folder.Path), "only 5 training images");
    }
}
