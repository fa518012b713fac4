using System.Diagnostics;
using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Mpi;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>One process and two on the same steps, each with one thread.</summary>
internal static class SpeedUp
{
    private const int Repeats = 3;

    private const int Steps = 200;

    private static readonly (string Problem, int Rows)[] _problems = [("kin8nm", 128), ("kin8nm", 2048), ("fashion-mnist", 2048)];
    private static readonly string[] _intervals = ["1", "10", "50"];

    internal static void Write(string? folder)
    {
        Console.WriteLine($"Seconds of {Steps} steps, the least of {Repeats} runs; a batch is of all workers together. {Environment.ProcessorCount} processors, a thread each.");
        Console.WriteLine();
        Console.WriteLine($"| rows of a batch | 1 process | {string.Join(" | ", _intervals.Select(interval => $"2 processes, H = {interval}"))} |");
        Console.WriteLine($"|---|---:|{string.Concat(_intervals.Select(_ => "---:|"))}");
        foreach ((string problem, int rows) in _problems.Where(p => folder is not null || p.Problem != "fashion-mnist"))
        {
            double alone = Least(1, problem, rows, "1", folder);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"| {problem}, {rows} | {alone:F2} |"));
            foreach (string interval in _intervals)
            {
                double together = Least(2, problem, rows, interval, folder);
                Console.Write(string.Create(CultureInfo.InvariantCulture, $" {together:F2} ({alone / together:F2} x) |"));
            }
            Console.WriteLine();
        }
    }

    /// <summary>What one worker does; the first one tells how long it took.</summary>
    internal static void WriteRow(string problem, string interval, string? folder)
    {
        using MpiWorkers workers = MpiWorkers.Join();
        string[] parts = problem.Split(',');
        MeasuredProblem measured = MeasuredProblem.Of(parts[0], folder).WithBatches(int.Parse(parts[1], CultureInfo.InvariantCulture));
        measured = measured with { Options = measured.Options with { Steps = Steps } };
        double seconds = measured.Train(workers, AveragingInterval.Parse(interval)!).Elapsed.TotalSeconds;
        if (workers.Writes)
            Console.WriteLine(seconds.ToString("R", CultureInfo.InvariantCulture));
    }

    private static double Least(int processes, string problem, int rows, string interval, string? folder) => Enumerable.Range(0, Repeats).Min(_ =>
    {
        var start = new ProcessStartInfo("mpiexec", ["-n", $"{processes}", "dotnet", Path.Combine(AppContext.BaseDirectory, "WorkerMeasurements.dll"), "speed-up-row", $"{problem},{rows}", interval, .. folder is null ? [] : new[] { folder }]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        double seconds = double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        process.WaitForExit();
        return seconds;
    });
}
