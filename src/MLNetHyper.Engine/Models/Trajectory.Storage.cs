using System.Text;

namespace MLNetHyper.Engine;

public sealed partial class Trajectory
{
    private const int SmallestName = sizeof(int);
    private const int Piece = 4096;

    /// <summary>
    /// Writes everything, as part of a file that says its own version: the number of names and of points; every name as its length in bytes
    /// and UTF-8; steps, training losses, validation losses; then every hyperparameter's values and norms.
    /// </summary>
    /// <param name="writer">Where to.</param>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_names.Length);
        writer.Write(Count);
        foreach (string name in _names)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
        foreach (long step in _steps)
            writer.Write(step);
        foreach (List<double> column in Columns)
        {
            foreach (double value in column)
                writer.Write(value);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and no further. Nonsense does not cost more memory than the stream is long.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="FormatException">There is no trajectory here: a number cannot be, or the stream ends too early.</exception>
    public static Trajectory Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            int names = Number(reader, "names", SmallestName);
            // Checked below, when it is known how long a point is.
            int count = Number(reader, "points", 0);
            List<string> known = [];
            for (int i = 0; i < names; i++)
                known.Add(Name(reader));
            Trajectory trajectory = new(known, 0);
            CheckRest(reader, "points", count, sizeof(long) + (sizeof(double) * (long)trajectory.Columns.Count()));
            for (int i = 0; i < count; i++)
                trajectory._steps.Add(reader.ReadInt64());
            foreach (List<double> column in trajectory.Columns)
            {
                for (int i = 0; i < count; i++)
                    column.Add(reader.ReadDouble());
            }
            return trajectory;
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("The trajectory ends too early.", e);
        }
    }

    private IEnumerable<List<double>> Columns => [_trainingLosses, _validationLosses, .. _values, .. _norms];

    private static string Name(BinaryReader reader)
    {
        // A piece at a time: in a stream of unknown length the number is not believed.
        using var bytes = new MemoryStream();
        for (int left = Number(reader, "bytes in a name", 1); left > 0;)
        {
            byte[] piece = reader.ReadBytes(Math.Min(left, Piece));
            if (piece.Length == 0)
                throw new EndOfStreamException();
            bytes.Write(piece);
            left -= piece.Length;
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static int Number(BinaryReader reader, string what, int size)
    {
        int number = reader.ReadInt32();
        if (number < 0)
            throw new FormatException($"A trajectory cannot have {number} {what}.");
        CheckRest(reader, what, number, size);
        return number;
    }

    private static void CheckRest(BinaryReader reader, string what, int number, long size)
    {
        if (reader.BaseStream is { CanSeek: true } stream && number > 0 && size > (stream.Length - stream.Position) / number)
            throw new FormatException($"The trajectory should have {number} {what}, but the stream ends before.");
    }
}
