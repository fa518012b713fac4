using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TableMeasurements;

/// <summary>Time and memory of a whole training, from a CSV file on, in a process of its own for each.</summary>
internal static class Curves
{
    private const int Steps = 3000;

    /// <summary>What one run is.</summary>
    internal sealed record Size(int Rows, int Columns, int Width, int Members);

    /// <summary>What it took: seconds of a processor to read, to prepare, and to train, and bytes: those said beforehand and the most that were in memory.</summary>
    internal sealed record Cost(double Read, double Prepare, double Train, long Stated, long Peak);

    private static readonly Size _base = new(200_000, 20, 64, 1);

    internal static void Write()
    {
        (string Name, Size[] Sizes, Func<Size, double> Of)[] curves =
        [
            ("rows", [.. new[] { 100_000, 200_000, 400_000, 800_000 }.Select(rows => _base with { Rows = rows })], size => size.Rows),
            ("columns", [.. new[] { 10, 20, 40, 80 }.Select(columns => _base with { Columns = columns })], size => size.Columns),
            ("width", [.. new[] { 32, 64, 128, 256 }.Select(width => _base with { Width = width })], size => size.Width),
            ("members", [.. new[] { 1, 2, 4, 8 }.Select(members => _base with { Members = members })], size => size.Members),
        ];
        Console.WriteLine("| varied | rows | columns | network | read, s | prepare, s | a step, ms | memory, MiB | said before, MiB |\n|---|---:|---:|---|---:|---:|---:|---:|---:|");
        List<string> growth = [];
        foreach ((string name, Size[] sizes, Func<Size, double> of) in curves)
        {
            Cost[] costs = [.. sizes.Select(InItsOwnProcess)];
            foreach ((Size size, Cost cost) in sizes.Zip(costs))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {size.Rows} | {size.Columns} | {size.Width}-{size.Width}{(size.Members > 1 ? $", {size.Members} members" : "")} | {cost.Read:0.00} | {cost.Prepare:0.00} | {1000 * cost.Train / Steps:0.000} | {cost.Peak >> 20} | {cost.Stated >> 20} |"));
            growth.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: reading and preparing by the power {Power(sizes, costs, of, cost => cost.Read + cost.Prepare):0.00}, a step {Power(sizes, costs, of, cost => cost.Train):0.00}, memory {Power(sizes, costs, of, cost => cost.Peak):0.00}"));
        }
        Console.WriteLine($"\n{Steps} steps of 128 rows, one thread; each run in a process of its own; seconds are of the processor; memory is the most that was in use, the runtime and all that is not the table included. How costs grow from the first to the last of each: {string.Join("; ", growth)}.");
    }

    /// <summary>One run, in this process.</summary>
    internal static void WriteRow(Size size)
    {
        string path = Path.GetTempFileName();
        try
        {
            MadeUpTable.Write(path, size.Rows, size.Columns);
            using Process own = Process.GetCurrentProcess();
            // Of the processor rather than the clock, since a machine may have other work.
            double before = own.TotalProcessorTime.TotalSeconds;
            TableSource source = CsvTable.Open(path);
            Table table = source.Load();
            double read = Seconds() - before;
            PreparedData<float> data = DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = "y" });
            double prepare = Seconds() - before - read;
            OnePass.Train(data, new OnePassOptions { HiddenLayers = [size.Width, size.Width], Members = size.Members, Steps = Steps, Threads = 1 });
            double train = Seconds() - before - read - prepare;
            Console.WriteLine(JsonSerializer.Serialize(new Cost(read, prepare, train, source.MemoryNeeded, own.PeakWorkingSet64)));

            double Seconds()
            {
                own.Refresh();
                return own.TotalProcessorTime.TotalSeconds;
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Cost InItsOwnProcess(Size size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Curves).Assembly.Location, "curves-row", .. new[] { size.Rows, size.Columns, size.Width, size.Members }.Select(number => number.ToString(CultureInfo.InvariantCulture))]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Cost>(line)! : throw new InvalidOperationException($"The run of {size} failed.");
    }

    private static double Power(Size[] sizes, Cost[] costs, Func<Size, double> of, Func<Cost, double> cost) => Math.Log(cost(costs[^1]) / cost(costs[0])) / Math.Log(of(sizes[^1]) / of(sizes[0]));
}
