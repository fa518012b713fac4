using System.Diagnostics;
using System.Globalization;
using System.Text;
using MLNetHyper.Engine;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>
/// What it brings that each worker keeps rows of its own: the memory and the processor's time of one among several, which has nobody to wait for.
/// </summary>
internal static class Division
{
    private const int Rows = 400_000;
    private const int Columns = 20;
    private const int Steps = 2000;
    private const int BatchSize = 256;
    private const long Limit = 100_000_000;
    private const int Repeats = 2;

    private static readonly (int Workers, WorkerDivision Divide)[] _cases =
    [
        (1, WorkerDivision.Batches), (2, WorkerDivision.Batches), (2, WorkerDivision.Rows), (16, WorkerDivision.Batches), (16, WorkerDivision.Rows),
    ];

    internal static void Write()
    {
        string file = Path.Combine(Path.GetTempPath(), $"mlnethyper-division-{Environment.ProcessId}.csv");
        try
        {
            File.WriteAllText(file, Text());
            Console.WriteLine($"A CSV file of {Rows} rows and {Columns} columns, {new FileInfo(file).Length / 1e6:F0} MB; {Steps} steps of {BatchSize} rows, a network {Columns - 1}-64-64-1, averaged every 10 steps. One worker's process, whose messages take no time: the most memory that it had, what of it was in use in the midst of training, and the processor's time for reading and preparing and for a step; the least of {Repeats} runs.");
            Console.WriteLine();
            Console.WriteLine("| workers | divided | memory limit | at most, MiB | in training, MiB | read and prepare, s | a step, ms |");
            Console.WriteLine("|---:|---|---|---:|---:|---:|---:|");
            foreach (bool isLimited in new[] { false, true })
            {
                foreach ((int workers, WorkerDivision divide) in _cases)
                {
                    double[][] runs = [.. Enumerable.Range(0, Repeats).Select(_ => Run(workers, file, divide, isLimited))];
                    double[] least = [.. Enumerable.Range(0, runs[0].Length).Select(i => runs.Min(run => run[i]))];
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {workers} | {(workers == 1 ? "" : divide == WorkerDivision.Rows ? "rows" : "batches")} | {(isLimited ? $"{Limit / 1e6:F0} MB" : "none")} | {least[0]:F0} | {least[1]:F0} | {least[2]:F1} | {least[3]:F3} |"));
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What one worker comes to.</summary>
    internal static void WriteRow(string workers, string file, string divide, string limited)
    {
        int count = int.Parse(workers, CultureInfo.InvariantCulture);
        var meter = new Meter();
        OnePassOptions options = new() { Members = 1, Bins = 0, Steps = Steps, BatchSize = BatchSize, AverageEvery = new(10), Workers = count == 1 ? Workers.One : new OneOfEqual(count), Divide = Enum.Parse<WorkerDivision>(divide) };
        OnePass.Train(CsvTable.Open(file), new DataOptions { LabelColumn = "y", MemoryLimit = bool.Parse(limited) ? Limit : null }, options, meter);
        double[] numbers = [Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20), meter.BytesInUse / (double)(1 << 20), meter.SecondsBefore, 1e3 * meter.SecondsOfStep];
        Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
    }

    private static double[] Run(int workers, string file, WorkerDivision divide, bool isLimited)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WorkerMeasurements.dll"), "division-row", $"{workers}", file, $"{divide}", $"{isLimited}"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        double[] numbers = [.. process.StandardOutput.ReadToEnd().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        process.WaitForExit();
        return numbers;
    }

    private static string Text()
    {
        var random = new Random(1);
        StringBuilder text = new(string.Join(',', [.. Enumerable.Range(1, Columns - 1).Select(i => $"x{i}"), "y"]));
        for (int row = 0; row < Rows; row++)
        {
            double[] x = [.. Enumerable.Range(1, Columns - 1).Select(_ => random.NextDouble())];
            text.Append('\n');
            foreach (double value in x)
                text.Append(CultureInfo.InvariantCulture, $"{value:F5},");
            text.Append(CultureInfo.InvariantCulture, $"{Math.Sin(3 * x[0]) + (x[1] * x[2]) + (0.1 * random.NextDouble()):F5}");
        }
        return text.Append('\n').ToString();
    }

    /// <summary>Looks at the process when training begins, a quarter of the way on, and at three quarters.</summary>
    private sealed class Meter : IProgress<TrainingProgress>
    {
        private (long Step, double Seconds)? _quarter;

        internal double SecondsBefore { get; private set; }

        internal long BytesInUse { get; private set; }

        internal double SecondsOfStep { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (SecondsBefore == 0)
                SecondsBefore = Seconds;
            if (_quarter is null && value.Step >= Steps / 4)
            {
                BytesInUse = GC.GetTotalMemory(forceFullCollection: true);
                _quarter = (value.Step, Seconds);
            }
            if (SecondsOfStep == 0 && value.Step >= 3 * Steps / 4)
                SecondsOfStep = (Seconds - _quarter!.Value.Seconds) / (value.Step - _quarter.Value.Step);
        }

        private static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;
    }
}
