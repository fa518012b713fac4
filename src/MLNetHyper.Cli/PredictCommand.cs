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
    private readonly ReadingFlags _reading = new();
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private PredictCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var predict = new PredictCommand(session);
        var command = new Command("predict", $"Applies a trained model to a {DataFile.Kinds} file.") { predict._model, predict._data, predict._output, predict._keep, predict._interval, predict._threshold };
        foreach (Option option in predict._reading.Options.Append(predict._json))
            command.Options.Add(option);
        command.SetAction(predict.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? output = parsed.GetValue(_output) is { } file && file != FileOption.StandardStream ? file : null;
        string[] data = parsed.GetValue(_data)!;
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        CsvOptions csv = _reading.Read(parsed, model.ReadingOptions);
        Table table = _session.Read(data, csv);
        double? coverage = parsed.GetValue(_interval), threshold = parsed.GetValue(_threshold);
        Predictions predictions = model.Predict(table, coverage, threshold);
        List<string> warnings = [.. predictions.Warnings];
        IReadOnlyList<TableColumn> kept = KeptColumns.Of(_session, data, csv, table, parsed.Given(_keep) ?? [], [.. predictions.Columns], warnings);
        if (coverage is not null && predictions.IntervalHalfWidth is null)
            warnings.Add(predictions.Task == LearningTask.Regression
                ? $"the model knows too little about its errors for intervals that hold {coverage:P0} of the labels: train it with more validation rows, or ask for a smaller share."
                : "intervals are for regression; probabilities say how sure a class is.");
        Metrics? metrics = Measured(model, table, threshold, warnings);
        _session.Cancellation.ThrowIfCancellationRequested();

        bool json = parsed.GetValue(_json);
        if (Formula(predictions.ClassNames) is { } name && (output is not null || !json))
            warnings.Add($"the class '{name}' begins like a formula: import the CSV's columns as text where a spreadsheet is to read it.");
        foreach (string warning in warnings)
            _session.Warn(warning);
        if (output is not null)
            predictions.SaveCsv(output, kept);
        if (json)
            PredictionJson.Write(_session.Out, model, predictions, kept, metrics, output, warnings);
        else if (output is null)
            predictions.WriteCsv(_session.Out, kept);
        if (metrics is not null && !json)
            Measure.WriteTables(_session.Error, $"errors of '{model.Target.LabelColumn}'", model.Target.ClassNames, ("all labeled rows", metrics));
        return ExitCode.Success;
    }

    /// <summary>The errors, if the file has labels. Labels that cannot be compared with are no reason to keep the predictions back.</summary>
    private static Metrics? Measured(OnePassModel model, Table table, double? threshold, List<string> warnings)
    {
        if (!table.TryGetColumn(model.Target.LabelColumn, out TableColumn? label) || Enumerable.Range(0, label.Count).All(label.IsMissing))
            return null;
        try
        {
            return model.Evaluate(table, threshold);
        }
        catch (DataFormatException exception)
        {
            warnings.Add($"the errors were not measured: {exception.Message}");
            return null;
        }
    }

    /// <summary>The first name that a spreadsheet would take for a formula; numbers with a sign are numbers to it.</summary>
    private static string? Formula(IEnumerable<string> names) =>
        names.FirstOrDefault(name => name is ['=' or '+' or '-' or '@', ..] && !double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
