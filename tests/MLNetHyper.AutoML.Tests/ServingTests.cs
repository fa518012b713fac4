using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MLNetHyper.AutoML.Tests;

/// <summary>The sample Serving, started as a process of its own and asked over HTTP on the loopback address.</summary>
[TestClass]
public sealed class ServingTests
{
    private static readonly float[] _building = [0.62f, 808.5f, 367.5f, 220.5f, 3.5f, 4, 0.25f, 5];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Predictions_come_over_http_and_what_is_no_building_is_refused()
    {
        CancellationToken stop = TestContext.CancellationToken;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnethyper-serving-");
        using Process service = Start(Path.Combine(folder.FullName, "energy.zip"));
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressOf(service, stop) };

            HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.PostAsJsonAsync("/predict", new { features = _building }, stop)));
            foreach (HttpResponseMessage answer in answers)
            {
                JsonElement prediction = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(stop);
                Assert.AreEqual(14.2, prediction.GetProperty("heatingLoad").GetDouble(), 1, "the table says 14.2");
            }

            HttpResponseMessage tooFew = await client.PostAsJsonAsync("/predict", new { features = _building[..7] }, stop);
            Assert.AreEqual(HttpStatusCode.BadRequest, tooFew.StatusCode);
            Assert.Contains("8 features", await tooFew.Content.ReadAsStringAsync(stop));
            HttpResponseMessage text = await client.PostAsJsonAsync("/predict", new { features = "many" }, stop);
            Assert.AreEqual(HttpStatusCode.BadRequest, text.StatusCode);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(string model)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Repository.PathTo("artifacts", "bin", "Serving", configuration, "Serving.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", "--model", model]) { WorkingDirectory = Repository.PathTo(), RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    /// <summary>Where it listens, as it says in its log once it does.</summary>
    private static async Task<Uri> AddressOf(Process service, CancellationToken stop)
    {
        const string Mark = "Now listening on: ";
        while (await service.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            int at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0)
                continue;
            // What it logs from now on must not fill the pipe and stop it.
            _ = service.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new Uri(line[(at + Mark.Length)..]);
        }
        throw new AssertFailedException("The service ended before it listened.");
    }
}
