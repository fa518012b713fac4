namespace MLNetHyper.Engine;

/// <summary>How a model was trained, as a part of its file.</summary>
internal static class TrainingRecordFormat
{
    internal static void Write(BinaryWriter writer, TrainingRecord training, bool withTime)
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
        writer.Write(withTime ? training.Elapsed.Ticks : 0);
        writer.Write(training.TrainingError);
        writer.Write(training.ValidationError);
        writer.Write(training.TunedHyperparameters, writer.Write);
        Write(writer, training.InitialHyperparameters);
        Write(writer, training.BestHyperparameters);
        Write(writer, training.FinalHyperparameters);
        training.Trajectory.Write(writer);
        writer.Write(training.Epochs, epoch =>
        {
            writer.Write(epoch.Epoch);
            writer.Write(epoch.Step);
            writer.Write(epoch.TrainingError);
            writer.Write(epoch.ValidationError);
        });
        writer.Write(training.Warnings, writer.Write);
    }

    internal static TrainingRecord Read(BinaryReader reader) => new()
    {
        // In the order of the file, which C# promises for initializers.
        Status = reader.ReadEnum<TrainingStatus>(),
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
        TunedHyperparameters = reader.ReadArray(sizeof(byte), reader.ReadString),
        InitialHyperparameters = ReadValues(reader),
        BestHyperparameters = ReadValues(reader),
        FinalHyperparameters = ReadValues(reader),
        Trajectory = Trajectory.Read(reader),
        Epochs = reader.ReadArray(4 * sizeof(double), () => new EpochErrors(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble())),
        Warnings = reader.ReadArray(sizeof(byte), reader.ReadString),
    };

    private static void Write(BinaryWriter writer, IReadOnlyDictionary<string, double> values) => writer.Write(values, value =>
    {
        writer.Write(value.Key);
        writer.Write(value.Value);
    });

    private static Dictionary<string, double> ReadValues(BinaryReader reader) =>
        new(reader.ReadArray(sizeof(byte) + sizeof(double), () => KeyValuePair.Create(reader.ReadString(), reader.ReadDouble())));
}
