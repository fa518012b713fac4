using System.CommandLine;
using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary><c>onepass predict</c>: a model and a table in, predictions out.</summary>
internal sealed class PredictCommand
{
    private readonly FileOption _model = Flags.Input("--model", "The model that 'onepass train --model' wrote.", required: true);
    private readonly FilesOption _data = Flags.Inputs("--data", $"{DataFile.Kinds} file with the columns that the model was trained on, or several. - reads standard input.", required: true, mayBeStandardStream: true);
    private readonly FileOption _output = Flags.Output("--output", "Write the predictions here as CSV. Default: -, which is standard output.", mayBeStandardStream: true);
    private readonly Option<string[]?> _keep = Flags.Of<string[]?>("--keep", "COLUMNS|all", "Columns of the data to copy in front of the predictions, separated by commas. Default: none.", Flags.Names);
    private readonly Option<double?> _interval = Flags.Of("--interval", "SHARE", "Add columns lower and upper, between which at least this share of the labels lies. For regression. Above 0 and below 1. Default: none.", text => Flags.Number(text, x => x is > 0 and < 1, "above 0 and below 1"));
    private readonly Option<double?> _threshold = Flags.Of("--threshold", "PROBABILITY", "For two classes: predict the second if its probability is at least this, from 0 to 1. Default: the more probable class.", text => Flags.Number(text, x => x is >= 0 and <= 1, "from 0 to 1"));
    private readonly Option<long?> _memoryLimit = Flags.MemoryLimit("A larger one goes through memory in pieces.");
    private readonly ReadingFlags _reading = new();
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private PredictCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var predict = new PredictCommand(session);
        var command = new Command("predict", $"Applies a trained model to a {DataFile.Kinds} file.") { predict._model, predict._data, predict._output, predict._keep, predict._interval, predict._threshold, predict._memoryLimit };
        foreach (Option option in predict._reading.Options.Append(predict._json))
            command.Options.Add(option);
        command.SetAction(predict.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? output = parsed.GetValue(_output) is { } file && file != FileOption.StandardStream ? file : null;
        string[] data = parsed.GetValue(_data)!, keep = parsed.Given(_keep) ?? [];
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        CsvOptions csv = _reading.Read(parsed, model.ReadingOptions);
        double? coverage = parsed.GetValue(_interval), threshold = parsed.GetValue(_threshold);
        bool json = parsed.GetValue(_json);
        TableSource? source = Session.IsInput(data) ? null : DataFile.Open(data, csv);
        if (source?.MemoryNeeded > (parsed.GetValue(_memoryLimit) ?? DataOptions.DefaultMemory))
        {
            if (json && output is null)
                throw new UsageException($"--json needs all predictions in memory, but '{source.Name}' does not fit in the memory that it may take. Write them to a file with --output, or allow more with --memory-limit.");
            return RunInPieces(new PredictionInPieces(_session, model, source, coverage, threshold), keep, columns => DataFile.Open(data, KeptColumns.AsWritten(csv, columns)), output, json);
        }

        Table table = _session.Read(data, csv);
        Predictions predictions = model.Predict(table, coverage, threshold);
        List<string> warnings = [.. predictions.Warnings];
        string[] columns = KeptColumns.Names(table, keep, [.. predictions.Columns], warnings);
        IReadOnlyList<TableColumn> kept = columns.Length == 0 ? [] : KeptColumns.Of(_session.Read(data, KeptColumns.AsWritten(csv, columns)), columns);
        warnings.AddRange(AboutIntervals(model, coverage));
        Metrics? metrics = Measured(model, table, predictions, threshold, warnings);
        _session.Cancellation.ThrowIfCancellationRequested();

        warnings.AddRange(AboutFormulas(model, isCsv: output is not null || !json));
        foreach (string warning in warnings)
            _session.Warn(warning);
        if (output is not null)
            predictions.SaveCsv(output, kept);
        if (json)
            PredictionJson.Write(_session.Out, model, predictions.Rows, metrics, output, warnings, output is null ? (predictions, kept) : null);
        else if (output is null)
            predictions.WriteCsv(_session.Out, kept);
        WriteErrors(model, metrics, json);
        return ExitCode.Success;
    }

    private int RunInPieces(PredictionInPieces pieces, string[] keep, Func<string[], TableSource> openKept, string? output, bool json)
    {
        if (output is not null)
            AtomicFile.WriteText(output, writer => pieces.Write(writer, keep, openKept));
        else
            pieces.Write(_session.Out, keep, openKept);
        Metrics? metrics = pieces.ToMetrics();
        string[] warnings = [.. pieces.Warnings, .. AboutIntervals(pieces.Model, pieces.Coverage), .. AboutFormulas(pieces.Model, isCsv: true)];
        foreach (string warning in warnings)
            _session.Warn(warning);
        if (json)
            PredictionJson.Write(_session.Out, pieces.Model, pieces.Rows, metrics, output, warnings, predictions: null);
        WriteErrors(pieces.Model, metrics, json);
        return ExitCode.Success;
    }

    /// <summary>The errors, if the file has labels. Labels that cannot be compared with are no reason to keep the predictions back.</summary>
    private static Metrics? Measured(OnePassModel model, Table table, Predictions predictions, double? threshold, List<string> warnings)
    {
        if (!table.TryGetColumn(model.Target.LabelColumn, out _))
            return null;
        try
        {
            LabeledPredictions measured = new(model.Target, threshold);
            measured.Add(table, predictions);
            return measured.Rows > 0 ? measured.ToMetrics() : null;
        }
        catch (DataFormatException exception)
        {
            warnings.Add(NotMeasured(exception));
            return null;
        }
    }

    internal static string NotMeasured(DataFormatException exception) => $"the errors were not measured: {exception.Message}";

    private static IEnumerable<string> AboutIntervals(OnePassModel model, double? coverage)
    {
        if (coverage is { } share && (model.Target.Task != LearningTask.Regression || model.IntervalHalfWidth(share) is null))
        {
            yield return model.Target.Task == LearningTask.Regression
                ? $"the model knows too little about its errors for intervals that hold {share:P0} of the labels: train it with more validation rows, or ask for a smaller share."
                : "intervals are for regression; probabilities say how sure a class is.";
        }
    }

    private static IEnumerable<string> AboutFormulas(OnePassModel model, bool isCsv)
    {
        if (isCsv && Formula(model.Target.ClassNames) is { } name)
            yield return $"the class '{name}' begins like a formula: import the CSV's columns as text where a spreadsheet is to read it.";
    }

    private void WriteErrors(OnePassModel model, Metrics? metrics, bool json)
    {
        if (metrics is not null && !json)
            Measure.WriteTables(_session.Error, $"errors of '{model.Target.LabelColumn}'", model.Target.ClassNames, ("all labeled rows", metrics));
    }

    /// <summary>The first name that a spreadsheet would take for a formula; numbers with a sign are numbers to it.</summary>
    private static string? Formula(IEnumerable<string> names) =>
        names.FirstOrDefault(name => name is ['=' or '+' or '-' or '@', ..] && !double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
