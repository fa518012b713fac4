using System.Buffers.Text;

namespace TableMeasurements;

/// <summary>A table of numbers of any size, whose label a network can learn: the first columns bend it, the others are noise.</summary>
internal static class MadeUpTable
{
    private const int Digits = 4;

    /// <summary>Writes a CSV file with columns x0, x1, … and y.</summary>
    internal static void Write(string path, long rows, int columns)
    {
        using FileStream file = File.Create(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"{string.Join(',', Enumerable.Range(0, columns).Select(i => $"x{i}"))},y\n"));
        Random random = new(1);
        byte[] buffer = new byte[1 << 20];
        double[] row = new double[columns];
        int used = 0;
        for (long i = 0; i < rows; i++)
        {
            if (buffer.Length - used < 32 * (columns + 1))
            {
                file.Write(buffer.AsSpan(0, used));
                used = 0;
            }
            double label = Fill(random, row);
            foreach (double value in row)
                Append(buffer, ref used, value, (byte)',');
            Append(buffer, ref used, label, (byte)'\n');
        }
        file.Write(buffer.AsSpan(0, used));
    }

    /// <summary>The same as examples, standardized.</summary>
    internal static Examples<float> Create(int rows, int columns, int seed)
    {
        Random random = new(seed);
        float[] features = new float[(long)rows * columns], targets = new float[rows];
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++)
        {
            targets[i] = (float)Fill(random, row);
            for (int k = 0; k < columns; k++)
                features[(i * columns) + k] = (float)(3.4641 * (row[k] - 0.5));
        }
        return new(features, columns, targets);
    }

    private static double Fill(Random random, double[] row)
    {
        for (int k = 0; k < row.Length; k++)
            row[k] = random.NextDouble();
        return Math.Sin(6 * row[0]) + (row[1 % row.Length] * row[2 % row.Length]) + (0.1 * random.NextDouble());
    }

    private static void Append(byte[] buffer, ref int used, double value, byte end)
    {
        Utf8Formatter.TryFormat(value, buffer.AsSpan(used), out int written, new('F', Digits));
        used += written;
        buffer[used++] = end;
    }
}
