using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass predict</c>: a model and a table in, predictions out.</summary>
internal sealed class PredictCommand
{
    private readonly Option<string?> _model = Flags.Text("--model", "FILE", "The model that 'onepass train --model' wrote.", required: true);
    private readonly Option<string?> _data = Flags.Text("--data", "FILE", "CSV file with the columns that the model was trained on.", required: true);
    private readonly Option<string?> _output = Flags.Text("--output", "FILE", "Write the predictions here as CSV. Default: to standard output.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private PredictCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var predict = new PredictCommand(session);
        var command = new Command("predict", "Applies a trained model to a CSV file.") { predict._model, predict._data, predict._output, predict._json };
        command.SetAction(predict.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? output = parsed.GetValue(_output);
        OutputFile.Check("--output", output);
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        Table table = CsvTable.Load(parsed.GetValue(_data)!, model.ReadingOptions);
        Predictions predictions = model.Predict(table);
        Metrics? metrics = Measured(model, table);
        _session.Cancellation.ThrowIfCancellationRequested();

        bool json = parsed.GetValue(_json);
        if (output is not null)
            PredictionFile.Save(output, predictions);
        if (json)
            PredictionFile.WriteJson(_session.Out, model, predictions, metrics, output);
        else if (output is null)
            PredictionFile.WriteCsv(_session.Out, predictions);
        if (metrics is not null && !json)
            Measure.Table($"errors of '{model.Target.LabelColumn}'", ("all labelled rows", metrics)).WriteTo(_session.Error);
        return ExitCode.Success;
    }

    /// <summary>The errors, if the file has labels. Labels that cannot be compared with are no reason to keep the predictions back.</summary>
    private Metrics? Measured(OnePassModel model, Table table)
    {
        if (!table.TryGetColumn(model.Target.LabelColumn, out TableColumn? label) || Enumerable.Range(0, label.Count).All(label.IsMissing))
            return null;
        try
        {
            return model.Evaluate(table);
        }
        catch (DataFormatException exception)
        {
            _session.Warn($"the errors were not measured: {exception.Message}");
            return null;
        }
    }
}
