using System.Globalization;

namespace TableMeasurements;

/// <summary>How much sooner a run ends on all processors, and how much sooner as many runs that share nothing would: what the machine itself allows.</summary>
internal static class ThreadSpeed
{
    private const int Rows = 20_000, Columns = 20, Repeats = 5;

    private static readonly int _threads = Environment.ProcessorCount;

    internal static void Write()
    {
        PreparedData<float> data = Prepare();
        Console.WriteLine($"| network | members | batch | one thread, ms a step | {_threads} threads | faster | runs that share nothing |\n|---|---:|---:|---:|---:|---:|---:|");
        foreach ((int width, int members, int batch, int steps) in new[] { (64, 4, 128, 2000), (64, 1, 128, 4000), (256, 4, 128, 500), (256, 4, 1024, 100), (256, 1, 1024, 300) })
        {
            OnePassOptions options = new() { HiddenLayers = [width, width], Members = members, BatchSize = batch, Steps = steps, Patience = steps };
            double Seconds(int threads) => OnePass.Train(data, options with { Threads = threads }).Training.Elapsed.TotalSeconds;
            Seconds(_threads);
            List<(double One, double All, double Apart)> times = [];
            for (int i = 0; i < Repeats; i++)
            {
                var apart = new double[_threads];
                double one = Seconds(1), all = Seconds(_threads);
                Thread[] runs = [.. apart.Select((_, k) => new Thread(() => apart[k] = Seconds(1)))];
                foreach (Thread run in runs)
                    run.Start();
                foreach (Thread run in runs)
                    run.Join();
                times.Add((one, all, apart.Average()));
            }
            (double median, double medianOfAll) = times.OrderBy(time => time.One / time.All).Select(time => (time.One, time.All)).ElementAt(Repeats / 2);
            double[] allowed = [.. times.Select(time => _threads * time.One / time.Apart).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {width}-{width} | {members} | {batch} | {1000 * median / steps:0.000} | {1000 * medianOfAll / steps:0.000} | {median / medianOfAll:0.00} ({times.Min(t => t.One / t.All):0.00} to {times.Max(t => t.One / t.All):0.00}) | {allowed[Repeats / 2]:0.00} |"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{Rows} rows of {Columns} columns, trained by default but for what the table says. A run on one thread, one on {_threads}, then {_threads} at once on a thread each, {Repeats} times in turn: the median of the ratios, and their range. The last column is {_threads} times the time of a run by itself over that of those at once; below {_threads} the processors share memory, caches or a host with others."));
    }

    private static PreparedData<float> Prepare()
    {
        string path = Path.GetTempFileName();
        try
        {
            MadeUpTable.Write(path, Rows, Columns);
            return DataPreparation.Prepare<float>(CsvTable.Load(path), new DataOptions { LabelColumn = "y" });
        }
        finally
        {
            File.Delete(path);
        }
    }
}
