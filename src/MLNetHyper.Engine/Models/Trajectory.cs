namespace MLNetHyper.Engine;

/// <summary>What happened in a run, one point for every window of T steps: losses, every hyperparameter, the hypergradients' norms.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed partial class Trajectory : IPictured
{
    private readonly string[] _names;
    private readonly List<long> _steps;
    private readonly List<double> _trainingLosses;
    private readonly List<double> _validationLosses;
    private readonly List<double>[] _values;
    private readonly List<double>[] _norms;

    internal Trajectory(IEnumerable<string> names, int capacity)
    {
        _names = [.. names];
        _steps = new(capacity);
        _trainingLosses = new(capacity);
        _validationLosses = new(capacity);
        _values = [.. _names.Select(_ => new List<double>(capacity))];
        _norms = [.. _names.Select(_ => new List<double>(capacity))];
    }

    /// <summary>Number of points.</summary>
    public int Count => _steps.Count;

    /// <summary>The hyperparameters' names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Weight steps taken at the end of each window.</summary>
    public IReadOnlyList<long> Steps => _steps;

    /// <summary>Mean training loss of each window.</summary>
    public IReadOnlyList<double> TrainingLosses => _trainingLosses;

    /// <summary>Validation loss at the end of each window, or the last one measured; NaN before the first.</summary>
    public IReadOnlyList<double> ValidationLosses => _validationLosses;

    /// <summary>
    /// Where windows ended that were undone because the run diverged in them: of these no validation loss is measured, of all others one is known. None where there were no validation rows.
    /// </summary>
    internal IEnumerable<long> RollbackSteps => _validationLosses.Exists(double.IsFinite) ? _steps.Where((_, window) => double.IsNaN(_validationLosses[window])) : [];

    /// <summary>Where the validation loss was lowest for the first time; 0 where none is known.</summary>
    private long BestStep => _steps.Zip(_validationLosses).Where(point => double.IsFinite(point.Second)).OrderBy(point => point.Second).Select(point => point.First).FirstOrDefault();

    Report IPictured.Picture => TrajectoryReport.Create("Trajectory", this, BestStep);

    /// <summary>The real values (means where there are several) with which each window ran.</summary>
    public IReadOnlyList<double> Values(string name) => _values[Index(name)];

    /// <summary>The norms of the hypergradients at the end of each window: by the raw values; by the real value for <see cref="HypergradientDescent"/>.</summary>
    public IReadOnlyList<double> HypergradientNorms(string name) => _norms[Index(name)];

    /// <summary>
    /// The real values (means where there are several), by name, of the window that ended with a step or was under way; of the last one where
    /// a later window was cut short.
    /// </summary>
    /// <param name="step">Weight steps taken.</param>
    /// <exception cref="InvalidOperationException">There are no points.</exception>
    public IReadOnlyDictionary<string, double> At(long step)
    {
        if (Count == 0)
            throw new InvalidOperationException("The trajectory has no points: the run ended before its first window did.");
        int window = _steps.FindIndex(end => end >= step);
        return _names.Index().ToDictionary(name => name.Item, name => _values[name.Index][window < 0 ? ^1 : window]);
    }

    internal void Add(long step, double trainingLoss, double validationLoss)
    {
        _steps.Add(step);
        _trainingLosses.Add(trainingLoss);
        _validationLosses.Add(validationLoss);
    }

    internal void AddHyperparameter(int index, double value, double norm)
    {
        _values[index].Add(value);
        _norms[index].Add(norm);
    }

    internal double ValueAt(int index, int window) => _values[index][window];

    /// <summary>Replaces what the last window ran with, after it was rolled back, so that a replayed schedule does not repeat the fall.</summary>
    internal void AmendLast(int index, double value) => _values[index][^1] = value;

    internal void Serialize(StateArchive archive)
    {
        int count = Count;
        archive.Value(ref count);
        Serialize(archive, count, _trainingLosses);
        Serialize(archive, count, _validationLosses);
        foreach (List<double> column in _values)
            Serialize(archive, count, column);
        foreach (List<double> column in _norms)
            Serialize(archive, count, column);
        double[] steps = new double[count];
        for (int i = 0; i < _steps.Count; i++)
            steps[i] = _steps[i];
        archive.Values(steps);
        if (!archive.IsReading)
            return;
        _steps.Clear();
        foreach (double step in steps)
            _steps.Add((long)step);
    }

    private static void Serialize(StateArchive archive, int count, List<double> column)
    {
        if (archive.IsReading)
        {
            column.Clear();
            System.Runtime.InteropServices.CollectionsMarshal.SetCount(column, count);
        }
        archive.Values(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(column));
    }

    private int Index(string name)
    {
        int index = Array.IndexOf(_names, name);
        return index >= 0 ? index : throw new KeyNotFoundException($"The run has no hyperparameter '{name}'; it has {string.Join(", ", _names)}.");
    }
}
