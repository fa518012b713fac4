using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>What happened in a run, a line for every hyperparameter step, as experiment trackers and spreadsheets read it: CSV, or JSON lines.</summary>
internal static class TrainingHistory
{
    private const string Csv = ".csv", JsonLines = ".jsonl";

    /// <summary>Throws before training where the file's name does not say its format.</summary>
    internal static void Check(string? path)
    {
        if (path is not null && !Is(path, Csv) && !Is(path, JsonLines))
            throw new UsageException($"--history '{path}' must end in {Csv} or {JsonLines}, which says how it is written.");
    }

    internal static void Save(string path, Trajectory trajectory) => AtomicFile.WriteText(path, writer =>
    {
        string[] names = ["step", "train_loss", "validation_loss", .. trajectory.Names];
        if (Is(path, Csv))
            writer.WriteLine(string.Join(',', names));
        for (int i = 0; i < trajectory.Count; i++)
        {
            double[] values = [trajectory.Steps[i], trajectory.TrainingLosses[i], trajectory.ValidationLosses[i], .. trajectory.Names.Select(name => trajectory.Values(name)[i])];
            writer.WriteLine(Is(path, Csv)
                ? string.Join(',', values.Select(value => Number(value, "")))
                : $"{{{string.Join(", ", names.Zip(values, (name, value) => $"\"{JsonEncodedText.Encode(name)}\": {Number(value, "null")}"))}}}");
        }
    });

    /// <summary>The same as members of JSON, a list for each column.</summary>
    internal static void Trajectory(this Utf8JsonWriter json, Trajectory trajectory)
    {
        json.WriteStartObject("trajectory");
        json.NumberArray("steps", trajectory.Steps.Select(step => (double)step));
        json.NumberArray("trainingLosses", trajectory.TrainingLosses);
        json.NumberArray("validationLosses", trajectory.ValidationLosses);
        json.WriteStartObject("hyperparameters");
        foreach (string name in trajectory.Names)
            json.NumberArray(name, trajectory.Values(name));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Number(double value, string missing) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : missing;

    private static bool Is(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
