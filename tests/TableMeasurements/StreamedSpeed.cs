using System.Globalization;

namespace TableMeasurements;

/// <summary>What a weight step takes where rows are in memory, and where they are read from a temporary file while the network computes.</summary>
internal static class StreamedSpeed
{
    private const int Rows = 2_000_000, Columns = 50, BlockRows = 256 * 1024, Repeats = 3;

    internal static void Write()
    {
        Examples<float> rows = MadeUpTable.Create(Rows, Columns, seed: 1), validation = MadeUpTable.Create(20_000, Columns, seed: 2);
        using PackedExamples streamed = Pack(rows);
        Console.WriteLine("| network | batch | in memory, ms a step | from the file, ms a step | speed |\n|---|---:|---:|---:|---:|");
        foreach ((int[] hidden, int members, int batch) in new[] { (new[] { 64, 64 }, 1, 128), (new[] { 64, 64 }, 4, 128), (new[] { 64, 64 }, 1, 1024), (new[] { 8 }, 1, 1024) })
        {
            // Two epochs and a bit, so that every block is read more than once.
            OnePassOptions options = new() { HiddenLayers = hidden, Members = members, BatchSize = batch, Steps = Math.Min(20_000, 2L * Rows / batch), Threads = 1 };
            Architecture architecture = new(Columns, hidden, 1, Activation.Relu, Loss.SquaredError);
            double Seconds(ExampleSource<float> training) => OnePass.Train(architecture, training, validation, options).Elapsed.TotalSeconds;
            List<(double Memory, double File)> pairs = [];
            for (int i = 0; i < Repeats; i++)
                pairs.Add((Seconds(rows), Seconds(streamed)));
            (double memory, double file) = pairs.OrderBy(pair => pair.Memory / pair.File).ElementAt(Repeats / 2);
            string name = string.Join('-', hidden.Prepend(Columns).Append(1)) + (members > 1 ? $", {members} members" : "");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {batch} | {1000 * memory / options.Steps:0.000} | {1000 * file / options.Steps:0.000} | {100 * memory / file:0} % ({100 * pairs.Min(p => p.Memory / p.File):0} to {100 * pairs.Max(p => p.Memory / p.File):0}) |"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{Rows} rows of {Columns} columns in blocks of {BlockRows}; the median of {Repeats} pairs of runs one after the other, by their ratio, and the range; one core for the network, {Environment.ProcessorCount} in the machine. Members share the order of rows where these are read in blocks, so that a batch is packed once for all."));
    }

    private static PackedExamples Pack(Examples<float> rows)
    {
        var file = new PackedFile(rows.Count, Columns, hasWeights: false, BlockRows, Path.GetTempPath());
        PackedFile.Writer writer = file.CreateWriter(seed: 1, bufferBytes: 1 << 23);
        for (int row = 0; row < rows.Count; row++)
            writer.Add(rows.FeaturesOf(row), rows.Targets[row], 1);
        writer.Complete();
        return new(file, rows.Count, Columns, hasWeights: false, BlockRows, seed: 1) { ZeroFeatures = [] };
    }
}
