namespace MLNetHyper.Cli;

/// <summary>Predictions for a table that does not fit in memory: from the file to the output, a piece at a time.</summary>
/// <param name="session">May be cancelled.</param>
/// <param name="model">Predicts.</param>
/// <param name="source">The table.</param>
/// <param name="coverage">The share of labels that intervals are to hold; null for none.</param>
/// <param name="threshold">As in <see cref="OnePassModel.Predict"/>.</param>
internal sealed class PredictionInPieces(Session session, OnePassModel model, TableSource source, double? coverage, double? threshold)
{
    private readonly Surprises _surprises = model.Features.CreateSurprises();
    private readonly List<string> _warnings = [];
    private LabeledPredictions? _measured = new(model.Target, threshold);

    internal OnePassModel Model => model;

    internal double? Coverage => coverage;

    /// <summary>How many rows there were.</summary>
    internal int Rows { get; private set; }

    /// <summary>What was noticed, known when all is written.</summary>
    internal IEnumerable<string> Warnings => [.. _surprises.Sentences, .. _warnings];

    /// <summary>Writes what <see cref="Predictions.WriteCsv"/> writes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="keep">Columns to keep; <c>all</c> for all.</param>
    /// <param name="openKept">Opens the table once more, to read such columns as they are written.</param>
    internal void Write(TextWriter output, string[] keep, Func<string[], TableSource> openKept)
    {
        string[] columns = [];
        IEnumerator<Table>? texts = null;
        try
        {
            foreach (Table piece in source.Pieces([]))
            {
                session.Cancellation.ThrowIfCancellationRequested();
                Predictions predictions = model.PredictOnly(piece, coverage, threshold);
                bool isFirst = Rows == 0;
                if (isFirst && keep.Length > 0)
                {
                    columns = KeptColumns.Names(piece, keep, [.. predictions.Columns], _warnings);
                    texts = openKept(columns).Pieces(columns).GetEnumerator();
                }
                IReadOnlyList<TableColumn> kept = columns.Length > 0 && texts!.MoveNext() ? KeptColumns.Of(texts.Current, columns) : [];
                if (isFirst)
                    predictions.WriteHeader(output, kept);
                predictions.WriteRows(output, kept);
                _surprises.Add(piece);
                Measure(piece, predictions);
                Rows += predictions.Rows;
            }
        }
        finally
        {
            texts?.Dispose();
        }
    }

    /// <summary>The errors of all rows that have a label; null where none has, or one cannot be compared with.</summary>
    internal Metrics? ToMetrics() => _measured is { Rows: > 0 } ? _measured.ToMetrics() : null;

    private void Measure(Table piece, Predictions predictions)
    {
        if (_measured is null || !piece.TryGetColumn(model.Target.LabelColumn, out _))
            return;
        try
        {
            _measured.Add(piece, predictions);
        }
        catch (DataFormatException exception)
        {
            _warnings.Add(PredictCommand.NotMeasured(exception));
            _measured = null;
        }
    }
}
