using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Bridge;

/// <summary>Saved models load anywhere, and a file that is not one of ours says so.</summary>
[TestClass]
public sealed class LoadingTests
{
    private static readonly MLContext _ml = new(1);

    private static readonly IDataView _data = SampleRow.Load(_ml, 60);

    private static readonly ITransformer _number = _ml.Regression.Trainers.OnePassSgd("Number").Fit(_data);

    private static readonly ITransformer _kind = _ml.MulticlassClassification.Trainers.OnePassSgd("Kind").Fit(_data);

    [TestMethod]
    public void A_process_that_knows_nothing_of_us_gets_the_same_bits()
    {
        string folder = Directory.CreateTempSubdirectory("MLNetHyper").FullName;
        try
        {
            foreach (ITransformer model in new[] { _number, _kind })
            {
                string path = Path.Combine(folder, "model.zip");
                _ml.Model.Save(model, _data.Schema, path);
                Assert.AreEqual(string.Join(' ', FirstScores(model).Select(BitConverter.SingleToInt32Bits)), RunFresh(path));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void A_newer_format_is_told_of_with_both_numbers()
    {
        byte[] file = Change(_number, model => model.Entry[At(model.Entry, "MLNHNETW") + 12] = 9, writtenToo: true);
        StringAssert.Contains(Innermost(file).Message, "The model is of format 1.9; this version of MLNetHyper reads formats up to 1.3. Update the package MLNetHyper.");
    }

    [TestMethod]
    public void Whatever_number_is_damaged_the_error_is_a_FormatException()
    {
        for (int at = 0; at < 64; at += 4)
        {
            foreach (int value in new[] { int.MaxValue, -1 })
            {
                byte[] file = Change(_number, model => BitConverter.TryWriteBytes(model.Entry.AsSpan(model.Start + at), value));
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    // A damaged weight is a weight all the same.
                    new MLContext().Model.Load(new MemoryStream(file), out _);
                }
                catch (Exception e)
                {
                    Assert.IsInstanceOfType<FormatException>(Chain(e).FirstOrDefault(x => x.Message.StartsWith("The model is damaged", StringComparison.Ordinal)), e.ToString());
                }
                Assert.IsLessThan(100_000_000L, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    [TestMethod]
    public void A_model_of_another_kind_than_its_header_says_is_damaged()
    {
        byte[] file = Change(_number, model => "MLNetHyperVector"u8.CopyTo(model.Entry.AsSpan(At(model.Entry, "MLNetHyperScalar"))));
        Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(file), out _));
    }

    [TestMethod]
    public void The_header_names_the_bridge_and_nothing_else()
    {
        byte[] entry = [];
        Change(_number, model => entry = [.. model.Entry]);
        Assert.AreNotEqual(-1, At(entry, "MLNetHyperScalar"));
        Assert.AreNotEqual(-1, entry.AsSpan().IndexOf(Encoding.Unicode.GetBytes("MLNetHyper.Bridge, Version=1.0.0.0")));
    }

    private static float[] FirstScores(ITransformer model)
    {
        IDataView scored = model.Transform(_data);
        return scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score").First() : [scored.GetColumn<float>("Score").First()];
    }

    private static string RunFresh(string path)
    {
        string here = AppContext.BaseDirectory;
        string program = Path.Combine(here.Replace("MLNetHyper.Tests", "FreshProcess", StringComparison.Ordinal), "FreshProcess.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", program, path, .. SampleRow.Rows(1)[0].Features.Select(f => f.ToString("R"))])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output;
    }

    // The part of the zip that the bridge wrote: ML.NET's header of 256 bytes, our model, strings and names.
    private static byte[] Change(ITransformer model, Action<(byte[] Entry, int Start)> change, bool writtenToo = false)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, stream);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream content = entry.Open();
                byte[] bytes = new byte[content.Length];
                content.ReadExactly(bytes);
                int at = At(bytes, "MLNHNETW");
                if (at < 0)
                    continue;
                if (writtenToo)
                    bytes[at + 8] = 9;
                change((bytes, 256));
                content.Position = 0;
                content.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    private static int At(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));

    private static Exception Innermost(byte[] file) => Chain(Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(file), out _))).Last();

    private static IEnumerable<Exception> Chain(Exception e)
    {
        for (Exception? next = e; next is not null; next = next.InnerException)
            yield return next;
    }
}
