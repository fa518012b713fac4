using System.Security.Cryptography;
using System.Text;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A model inside ML.NET's zip: length and SHA-256 of the rest, network, training record. ML.NET's header before it holds the version.</summary>
internal static class ModelFormat
{
    private const int Chunk = 1 << 20;

    internal static void Write(BinaryWriter writer, NetworkModel model)
    {
        using var content = new MemoryStream();
        using (var inner = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            Write(inner, model.Network);
            Write(inner, model.Training);
        }
        byte[] bytes = content.ToArray();
        writer.Write(bytes.Length);
        writer.Write(SHA256.HashData(bytes));
        writer.Write(bytes);
    }

    /// <exception cref="FormatException">The content is damaged. The message goes on behind the bridge's "The model is damaged:".</exception>
    internal static NetworkModel Read(BinaryReader reader)
    {
        try
        {
            int length = reader.ReadInt32();
            byte[] hash = reader.ReadBytes(SHA256.HashSizeInBytes), bytes = Take(reader, length);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
                throw new FormatException("its checksum does not fit its content");
            using var content = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var model = new NetworkModel(ReadNetwork(content), ReadTraining(content));
            return content.BaseStream.Position == bytes.Length ? model : throw new FormatException("it goes on behind its end");
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException($"{e.Message.TrimEnd('.')}. Copy the file again, or train again.", e);
        }
    }

    private static void Write(BinaryWriter writer, TrainedNetwork network)
    {
        Architecture architecture = network.Architecture;
        writer.Write(architecture.Inputs);
        writer.Write(architecture.Outputs);
        writer.Write((int)architecture.Activation);
        writer.Write((int)architecture.Loss);
        Write(writer, [.. architecture.Hidden], writer.Write);
        Write(writer, network.Weights.ToArray(), writer.Write);
        foreach (Standardization standardization in new[] { network.FeatureStandardization, network.LabelStandardization })
        {
            Write(writer, standardization.Offsets.ToArray(), writer.Write);
            Write(writer, standardization.Scales.ToArray(), writer.Write);
        }
    }

    private static TrainedNetwork ReadNetwork(BinaryReader reader)
    {
        int inputs = reader.ReadInt32(), outputs = reader.ReadInt32();
        Activation activation = Known<Activation>(reader.ReadInt32());
        Loss loss = Known<Loss>(reader.ReadInt32());
        var architecture = new Architecture(inputs, ReadArray(reader, sizeof(int), reader.ReadInt32), outputs, activation, loss);
        float[] weights = ReadArray(reader, sizeof(float), reader.ReadSingle);
        Standardization features = ReadStandardization(reader), target = ReadStandardization(reader);
        int length = new NetworkObjective<float>(architecture).Tensors.Sum(tensor => tensor.Length);
        return length == weights.Length && features.Count == inputs && target.Count == 1 && weights.All(float.IsFinite)
            ? new(architecture, weights, features, target)
            : throw new FormatException("its parts do not fit together");
    }

    private static Standardization ReadStandardization(BinaryReader reader) =>
        new(ReadArray(reader, sizeof(double), reader.ReadDouble), ReadArray(reader, sizeof(double), reader.ReadDouble));

    private static void Write(BinaryWriter writer, TrainingRecord training)
    {
        writer.Write((int)training.Status);
        writer.Write(training.Method);
        writer.Write(training.TrainingRows);
        writer.Write(training.ValidationRows);
        writer.Write(training.SkippedRows);
        writer.Write(training.BatchSize);
        writer.Write(training.Seed);
        writer.Write(training.Steps);
        writer.Write(training.BestStep);
        writer.Write(training.Rollbacks);
        writer.Write(training.GradientEvaluations);
        writer.Write(training.Elapsed.Ticks);
        writer.Write(training.TrainingError);
        writer.Write(training.ValidationError);
        Write(writer, [.. training.TunedHyperparameters], writer.Write);
        Write(writer, training.InitialHyperparameters);
        Write(writer, training.BestHyperparameters);
        Write(writer, training.FinalHyperparameters);
        training.Trajectory.Write(writer);
        Write(writer, [.. training.Epochs], (EpochErrors epoch) =>
        {
            writer.Write(epoch.Epoch);
            writer.Write(epoch.Step);
            writer.Write(epoch.TrainingError);
            writer.Write(epoch.ValidationError);
        });
        Write(writer, [.. training.Warnings], writer.Write);
    }

    private static TrainingRecord ReadTraining(BinaryReader reader) => new()
    {
        // In the order of the file, which C# promises for initializers.
        Status = Known<TrainingStatus>(reader.ReadInt32()),
        Method = reader.ReadString(),
        TrainingRows = reader.ReadInt64(),
        ValidationRows = reader.ReadInt64(),
        SkippedRows = reader.ReadInt64(),
        BatchSize = reader.ReadInt32(),
        Seed = reader.ReadInt32(),
        Steps = reader.ReadInt64(),
        BestStep = reader.ReadInt64(),
        Rollbacks = reader.ReadInt32(),
        GradientEvaluations = reader.ReadDouble(),
        Elapsed = new TimeSpan(reader.ReadInt64()),
        TrainingError = reader.ReadDouble(),
        ValidationError = reader.ReadDouble(),
        TunedHyperparameters = ReadArray(reader, sizeof(byte), reader.ReadString),
        InitialHyperparameters = ReadValues(reader),
        BestHyperparameters = ReadValues(reader),
        FinalHyperparameters = ReadValues(reader),
        Trajectory = Trajectory.Read(reader),
        Epochs = ReadArray(reader, 4 * sizeof(double), () => new EpochErrors(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble())),
        Warnings = ReadArray(reader, sizeof(byte), reader.ReadString),
    };

    private static void Write(BinaryWriter writer, IReadOnlyDictionary<string, double> values) => Write(writer, [.. values], (KeyValuePair<string, double> value) =>
    {
        writer.Write(value.Key);
        writer.Write(value.Value);
    });

    private static Dictionary<string, double> ReadValues(BinaryReader reader) =>
        new(ReadArray(reader, sizeof(byte) + sizeof(double), () => KeyValuePair.Create(reader.ReadString(), reader.ReadDouble())));

    private static void Write<T>(BinaryWriter writer, T[] items, Action<T> write)
    {
        writer.Write(items.Length);
        foreach (T item in items)
            write(item);
    }

    private static T[] ReadArray<T>(BinaryReader reader, int leastSize, Func<T> read)
    {
        // Believed only as far as the file goes on: nonsense must not cost gigabytes.
        int count = reader.ReadInt32();
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / leastSize)
            throw new FormatException("it ends too early");
        T[] items = new T[count];
        for (int i = 0; i < count; i++)
            items[i] = read();
        return items;
    }

    /// <summary>So many bytes, taken bit by bit: a false length finds the end of the file before it has cost much memory.</summary>
    private static byte[] Take(BinaryReader reader, int length)
    {
        using var bytes = new MemoryStream();
        while (bytes.Length < length)
        {
            byte[] part = reader.ReadBytes((int)Math.Min(Chunk, length - bytes.Length));
            if (part.Length == 0)
                throw new FormatException("it ends too early");
            bytes.Write(part);
        }
        return bytes.ToArray();
    }

    private static T Known<T>(int value) where T : struct, Enum
    {
        var known = (T)Enum.ToObject(typeof(T), value);
        return Enum.IsDefined(known) ? known : throw new FormatException($"{value} is no {typeof(T).Name}");
    }
}
