using System.Numerics;
using System.Text.Json;

namespace MLNetHyper.Engine;

/// <summary>
/// Turns labels into the numbers that a network learns and back: a standardized value for regression, otherwise the index of a class.
/// Immutable; several threads may use it.
/// </summary>
internal sealed partial class TargetEncoder
{
    private readonly Dictionary<string, int> _indices;

    private TargetEncoder(TargetEncoderState state)
    {
        LabelColumn = state.Label;
        Task = state.Task;
        ClassNames = [.. state.Classes];
        ClassesAreNumbers = state.NumericClasses;
        Standardization = new Standardization([state.Mean], [state.Deviation]);
        _indices = new(CategoryNames.Comparer(state.Classes));
        for (int i = 0; i < ClassNames.Count; i++)
            _indices.Add(Key(ClassNames[i]), i);
    }

    /// <summary>The label's column.</summary>
    public string LabelColumn { get; }

    /// <summary>What is predicted.</summary>
    public LearningTask Task { get; }

    /// <summary>The classes' names in index order: texts ordinally, numbers ascending; as they are written in the file. Empty for regression.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Whether the classes' names were numbers in the table.</summary>
    public bool ClassesAreNumbers { get; }

    /// <summary>The binary task's positive class, whose target is 1: the later in order, such as "yes" after "no"; null for the other tasks.</summary>
    public string? PositiveClass => Task == LearningTask.Binary ? ClassNames[1] : null;

    /// <summary>How many outputs a network needs: 1 for regression and binary, otherwise the number of classes.</summary>
    public int OutputCount => Task == LearningTask.Multiclass ? ClassNames.Count : 1;

    /// <summary>The label's mean and unbiased standard deviation for regression; 0 and 1 otherwise.</summary>
    public Standardization Standardization { get; }

    /// <summary>Adds to a model's reading options that classes are names.</summary>
    internal CsvOptions WithLabel(CsvOptions options) => Task == LearningTask.Regression || ClassesAreNumbers ? options : options with
    {
        TextColumns = [.. options.TextColumns, LabelColumn],
        KeepMissingWords = ClassNames.Any(Cell.IsMissing) ? [.. options.KeepMissingWords, LabelColumn] : options.KeepMissingWords,
    };

    /// <summary>The table's labels as targets.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="table">A table with the label's column.</param>
    /// <exception cref="DataFormatException">The column does not exist, or a label is missing, infinite, no number, or of no class that training had.</exception>
    public T[] Encode<T>(Table table) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn label = table[LabelColumn];
        if (!label.IsNumeric && (Task == LearningTask.Regression || ClassesAreNumbers))
            throw TextJudgement.NotNumeric(table, label);
        T[] targets = new T[table.RowCount];
        for (int row = 0; row < targets.Length; row++)
        {
            if (label.IsMissing(row))
                throw table.Error("the label is missing. Remove the row or fill it in.", row, LabelColumn);
            targets[row] = T.CreateTruncating(Task == LearningTask.Regression ? Value(table, label, row) : Index(table, label, row));
        }
        return targets;
    }

    /// <summary>A regression network's output in the label's units; always finite for a finite output.</summary>
    /// <param name="standardized">The output.</param>
    public double DecodeValue(double standardized) => Standardization.Invert(standardized, 0);

    /// <summary>The name of a class.</summary>
    /// <param name="index">Its index in <see cref="ClassNames"/>.</param>
    public string DecodeClass(int index) => ClassNames[index];

    /// <summary>The encoder as JSON, from which <see cref="FromJson"/> makes the same again: all numbers come back exactly.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new TargetEncoderState(EncoderJson.Version, LabelColumn, Task, Standardization.Offsets[0], Standardization.Scales[0], ClassNames, ClassesAreNumbers),
        EncoderJson.Default.TargetEncoderState);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataFormatException">The text is something else, damaged, or of another version.</exception>
    public static TargetEncoder FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return EncoderJson.Read("target encoder", () =>
        {
            TargetEncoderState state = JsonSerializer.Deserialize(json, EncoderJson.Default.TargetEncoderState) ?? throw new JsonException("It is null.");
            EncoderJson.CheckVersion(state.Version);
            bool fits = state.Task switch
            {
                LearningTask.Regression => state.Classes.Count == 0,
                LearningTask.Binary => state.Classes.Count == 2,
                _ => state.Classes.Count >= 2,
            };
            return fits ? new TargetEncoder(state) : throw new JsonException($"It has {state.Classes.Count} classes, which does not fit its task {state.Task}.");
        });
    }

    private double Value(Table table, TableColumn label, int row)
    {
        double value = label.Numbers[row];
        return double.IsFinite(value) ? Standardization.Apply(value, 0) : throw table.Error(Cell.Infinite(Cell.Format(value)), row, LabelColumn);
    }

    private int Index(Table table, TableColumn label, int row)
    {
        string text = label.TextAt(row)!;
        return _indices.TryGetValue(Key(text), out int index)
            ? index
            : throw table.Error($"the label '{Cell.Shown(text)}' is none of the {ClassNames.Count} classes that training had ({Classes(ClassNames)}). Correct it, remove the row, or train with such rows.", row, LabelColumn);
    }

    /// <summary>Numbers may be written in several ways, names in one.</summary>
    private string Key(string name) => ClassesAreNumbers && Cell.TryNumber(name, out double number) ? Cell.Format(number) : name;

    /// <summary>A list of classes, cut to what fits a message.</summary>
    private static string Classes(IReadOnlyList<string> names)
    {
        const int listed = 5;
        return string.Join(", ", names.Take(listed).Select(name => $"'{Cell.Shown(name)}'")) + (names.Count > listed ? ", …" : "");
    }
}
