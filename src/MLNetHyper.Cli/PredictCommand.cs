using System.CommandLine;
using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary><c>onepass predict</c>: a model and a table in, predictions out.</summary>
internal sealed class PredictCommand
{
    private readonly FileOption _model = Flags.Input("--model", "The model that 'onepass train --model' wrote.", required: true);
    private readonly FileOption _data = Flags.Input("--data", "CSV file with the columns that the model was trained on.", required: true);
    private readonly FileOption _output = Flags.Output("--output", "Write the predictions here as CSV. Default: to standard output.");
    private readonly Option<double?> _interval = Flags.Of("--interval", "SHARE", "Add columns lower and upper, between which at least this share of the labels lies. For regression. Above 0 and below 1. Default: none.", text => Flags.Number(text, x => x is > 0 and < 1, "above 0 and below 1"));
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private PredictCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var predict = new PredictCommand(session);
        var command = new Command("predict", "Applies a trained model to a CSV file.") { predict._model, predict._data, predict._output, predict._interval, predict._json };
        command.SetAction(predict.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? output = parsed.GetValue(_output);
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        Table table = CsvTable.Load(parsed.GetValue(_data)!, model.ReadingOptions);
        double? coverage = parsed.GetValue(_interval);
        Predictions predictions = model.Predict(table, coverage);
        List<string> warnings = [.. predictions.Warnings];
        if (coverage is not null && predictions.IntervalHalfWidth is null)
            warnings.Add(predictions.Task == LearningTask.Regression
                ? $"the model knows too little of its errors for intervals that hold {coverage:P0} of the labels: train it with more validation rows, or ask for a smaller share."
                : "intervals are for regression; probabilities say how sure a class is.");
        Metrics? metrics = Measured(model, table, warnings);
        _session.Cancellation.ThrowIfCancellationRequested();

        bool json = parsed.GetValue(_json);
        if (Formula(predictions.ClassNames) is { } name && (output is not null || !json))
            warnings.Add($"the class '{name}' begins like a formula: import the CSV's columns as text where a spreadsheet is to read it.");
        foreach (string warning in warnings)
            _session.Warn(warning);
        if (output is not null)
            predictions.SaveCsv(output);
        if (json)
            PredictionJson.Write(_session.Out, model, predictions, metrics, output, warnings);
        else if (output is null)
            predictions.WriteCsv(_session.Out);
        if (metrics is not null && !json)
            Measure.Table($"errors of '{model.Target.LabelColumn}'", ("all labeled rows", metrics)).WriteTo(_session.Error);
        return ExitCode.Success;
    }

    /// <summary>The errors, if the file has labels. Labels that cannot be compared with are no reason to keep the predictions back.</summary>
    private static Metrics? Measured(OnePassModel model, Table table, List<string> warnings)
    {
        if (!table.TryGetColumn(model.Target.LabelColumn, out TableColumn? label) || Enumerable.Range(0, label.Count).All(label.IsMissing))
            return null;
        try
        {
            return model.Evaluate(table);
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
