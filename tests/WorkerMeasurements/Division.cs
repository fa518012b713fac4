using System.Diagnostics;
using System.Globalization;
using System.Text;
using MLNetHyper.Engine;
using MLNetHyper.Mpi;

namespace MLNetHyper.WorkerMeasurements;

/// <summary>
/// What it brings that each worker keeps rows of its own, and of a table larger than memory reads a part: the memory and the time of the first one among two, each on a processor of its own, and
/// among sixteen, of whom only the first is there.
/// </summary>
internal static class Division
{
    private const int Rows = 1_200_000;
    private const int Columns = 20;
    private const int Steps = 2000;
    private const int BatchSize = 256;
    private const long Limit = 100_000_000;
    private const int Repeats = 2;

    // Where rows pass from one worker to another, others have to be there.
    private const int MostThere = 2;

    private static readonly (int Workers, WorkerDivision Divide, bool IsLimited)[] _cases =
    [
        (1, WorkerDivision.Batches, false), (2, WorkerDivision.Batches, false), (2, WorkerDivision.Rows, false), (16, WorkerDivision.Batches, false), (16, WorkerDivision.Rows, false),
        (1, WorkerDivision.Batches, true), (2, WorkerDivision.Batches, true), (2, WorkerDivision.Rows, true),
    ];

    internal static void Write()
    {
        string file = Path.Combine(Path.GetTempPath(), $"mlnethyper-division-{Environment.ProcessId}.csv");
        try
        {
            File.WriteAllText(file, Text());
            Console.WriteLine($"A CSV file of {Rows} rows and {Columns} columns, {new FileInfo(file).Length / 1e6:F0} MB; {Steps} steps of {BatchSize} rows, a network {Columns - 1}-64-64-1, averaged every 10 steps. Up to {MostThere} workers are processes with a processor each; of more there is only the first, whose messages take no time. The most memory that it had, what of it was in use in the midst of training, and the seconds for reading and preparing and for a step; the least of {Repeats} runs.");
            Console.WriteLine();
            Console.WriteLine("| workers | divided | memory limit | at most, MiB | in training, MiB | read and prepare, s | a step, ms |");
            Console.WriteLine("|---:|---|---|---:|---:|---:|---:|");
            foreach ((int workers, WorkerDivision divide, bool isLimited) in _cases)
            {
                double[][] runs = [.. Enumerable.Range(0, Repeats).Select(_ => Run(workers, file, divide, isLimited))];
                double[] least = [.. Enumerable.Range(0, runs[0].Length).Select(i => runs.Min(run => run[i]))];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {workers} | {(workers == 1 ? "" : divide == WorkerDivision.Rows ? "rows" : "batches")} | {(isLimited ? $"{Limit / 1e6:F0} MB" : "none")} | {least[0]:F0} | {least[1]:F0} | {least[2]:F1} | {least[3]:F3} |"));
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
        using Workers all = count > MostThere ? new OneOfEqual(count) : MpiWorkers.Join();
        var meter = new Meter();
        OnePassOptions options = new() { Members = 1, Bins = 0, Threads = 1, Steps = Steps, BatchSize = BatchSize, AverageEvery = new(10), Workers = all, Divide = Enum.Parse<WorkerDivision>(divide) };
        OnePass.Train(CsvTable.Open(file), new DataOptions { LabelColumn = "y", MemoryLimit = bool.Parse(limited) ? Limit : null }, options, meter);
        double[] numbers = [Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20), meter.BytesInUse / (double)(1 << 20), meter.SecondsBefore, 1e3 * meter.SecondsOfStep];
        if (all.Writes)
            Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
    }

    private static double[] Run(int workers, string file, WorkerDivision divide, bool isLimited)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "WorkerMeasurements.dll"), "division-row", $"{workers}", file, $"{divide}", $"{isLimited}"];
        int there = workers > MostThere ? 1 : workers;
        string[] processes = [.. Enumerable.Range(0, there).SelectMany(rank => new[] { ":", "-n", "1", "taskset", "-c", $"{rank}" }.Concat(command)).Skip(1)];
        using Process process = Process.Start(new ProcessStartInfo("mpiexec", processes) { RedirectStandardOutput = true })!;
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
        private readonly Stopwatch _clock = Stopwatch.StartNew();
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

        private double Seconds => _clock.Elapsed.TotalSeconds;
    }
}
