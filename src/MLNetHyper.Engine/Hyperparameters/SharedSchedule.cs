namespace MLNetHyper.Engine;

/// <summary>
/// Values of the tuned hyperparameters that each hold for one of N equal windows of a run, and the hypergradients gathered for them
/// (Micaelli and Storkey 2021, section 3). Between two runs every value moves by its own sign step.
/// </summary>
internal sealed class SharedSchedule
{
    /// <summary>The search has ended where no step is more than this share of its value.</summary>
    private const double SettledShare = 0.05;

    private readonly long _steps;

    /// <param name="definitions">All hyperparameters of the run; those that are tuned have a row here.</param>
    /// <param name="windows">How many windows a row has, N: at least 1.</param>
    /// <param name="stepSizes">By how much its values move at first, γ₀.</param>
    /// <param name="steps">The steps of a run.</param>
    internal SharedSchedule(IReadOnlyList<Hyperparameter> definitions, Func<string, int> windows, Func<string, double> stepSizes, long steps)
    {
        _steps = steps;
        Rows = [.. definitions.Index().Where(d => d.Item.Tuned).Select(d => new SharedRow(d.Item, d.Index, windows(d.Item.Name), stepSizes(d.Item.Name)))];
    }

    /// <summary>A row for each tuned hyperparameter.</summary>
    internal IReadOnlyList<SharedRow> Rows { get; }

    /// <summary>Whether further steps would change little.</summary>
    internal bool HasSettled => Rows.All(row => row.HasSettled(SettledShare));

    /// <summary>Goes to the windows in which a step lies: <c>n = ⌊N·step/steps⌋</c>.</summary>
    internal void MoveTo(long step)
    {
        foreach (SharedRow row in Rows)
            row.Window = (int)Math.Min(row.Count - 1, step * row.Count / _steps);
    }

    /// <summary>Moves all values against the signs of their hypergradients, which are then forgotten.</summary>
    internal void Move()
    {
        foreach (SharedRow row in Rows)
            row.Move();
    }

    /// <summary>Keeps the present values aside, in place of those kept before.</summary>
    internal void Keep()
    {
        foreach (SharedRow row in Rows)
            row.Keep();
    }

    /// <summary>Exchanges the present values and those kept aside.</summary>
    internal void Exchange()
    {
        foreach (SharedRow row in Rows)
            row.Exchange();
    }

    internal void Serialize(StateArchive archive)
    {
        foreach (SharedRow row in Rows)
            row.Serialize(archive);
    }
}

/// <summary>One hyperparameter's values.</summary>
/// <param name="definition">The hyperparameter, whose raw values are the real ones.</param>
/// <param name="index">Which of the run's hyperparameters it is.</param>
/// <param name="windows">How many values there are.</param>
/// <param name="stepSize">By how much they move at first.</param>
internal sealed class SharedRow(Hyperparameter definition, int index, int windows, double stepSize)
{
    private readonly TunedBlock<DenseVector<double>> _block = new(definition, new DenseVector<double>(windows));
    private readonly SignMetaOptimizer _optimizer = new(stepSize);
    private readonly double[] _kept = new double[windows];

    internal Hyperparameter Definition => definition;

    internal int Index => index;

    internal int Count => windows;

    /// <summary>The window under way.</summary>
    internal int Window { get; set; }

    /// <summary>The value for the window under way.</summary>
    internal double Value => _block.Real.Span[Window];

    internal ReadOnlySpan<double> Values => _block.Real.Span;

    /// <summary>The derivatives of the last run's validation loss by the values.</summary>
    internal Span<double> Hypergradients => _block.Hypergradient.Span;

    /// <summary>Halves the value for the window under way, in which a run has diverged.</summary>
    internal void Halve()
    {
        _block.Raw.Span[Window] /= 2;
        _block.UpdateReal();
    }

    internal bool HasSettled(double share)
    {
        // Before the first move there are no sizes.
        for (int j = 0; j < windows; j++)
        {
            if (_block.Moves == 0 || !(_block.Second.Span[j] < share * _block.Real.Span[j]))
                return false;
        }
        return true;
    }

    internal void Move()
    {
        // A run that diverged says nothing.
        foreach (ref double h in Hypergradients)
            h = double.IsNaN(h) ? 0 : h;
        _optimizer.Move(_block);
        _block.Clamp();
        Hypergradients.Clear();
    }

    internal void Keep() => _block.Raw.Span.CopyTo(_kept);

    internal void Exchange()
    {
        double[] present = _block.Raw.Span.ToArray();
        _kept.CopyTo(_block.Raw.Span);
        _block.UpdateReal();
        present.CopyTo(_kept, 0);
    }

    internal void Serialize(StateArchive archive)
    {
        _block.Serialize(archive);
        archive.Values(_kept);
    }
}
