using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass train</c>: a table in, a model and its errors out.</summary>
internal sealed class TrainCommand
{
    internal const string Name = "train";

    private readonly DataFlags _data = new();
    private readonly TrainingFlags _training = new();
    private readonly FileOption _model = Flags.Output("--model", "Write the trained model here, for 'onepass predict' and OnePassModel.Load. Default: not written.");
    private readonly FileOption _report = Flags.Output("--report", "Write a report as one HTML file. Default: not written.");
    private readonly FileOption _history = Flags.Output("--history", "Write a line for every hyperparameter step here, for experiment trackers and spreadsheets: step, train_loss, validation_loss (of standardized labels) and every hyperparameter, as CSV (.csv) or JSON lines (.jsonl). Default: not written.");
    private readonly Option<int?> _crossValidate = Flags.Of("--cross-validate", "K", "First train K times, each within the same budget, on all but a Kth of the rows, test on that part, and print the errors of each, their mean and its standard error; the model is then trained on all rows. From 2 to 100. Default: off.", text => Flags.Integer(text, 2, 100));
    private readonly Option<bool> _learningCurve = Flags.Switch("--learning-curve", "First also train on an eighth, a quarter and a half of the training rows, each within the same budget, and print the errors for each number of rows: they show whether more rows would help. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private TrainCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var train = new TrainCommand(session);
        var command = new Command(Name, $"Trains a network on a {DataFile.Kinds} file while it tunes its own hyperparameters, such as learning rate and weight decay.");
        train._data.AddTo(command);
        train._data.AddMemoryLimitTo(command);
        train._training.AddTo(command);
        command.Options.Add(train._model);
        command.Options.Add(train._report);
        command.Options.Add(train._history);
        command.Options.Add(train._crossValidate);
        command.Options.Add(train._learningCurve);
        command.Options.Add(train._json);
        command.SetAction(train.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? model = parsed.GetValue(_model), report = parsed.GetValue(_report), history = parsed.GetValue(_history);
        TrainingHistory.Check(history);
        bool json = parsed.GetValue(_json);
        OnePassOptions options = _training.Read(parsed) with { Workers = _session.Workers };
        if (options.Divide == WorkerDivision.Rows && new Option[] { _crossValidate, _learningCurve }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } whole)
            throw new UsageException($"{whole.Name} needs the whole table, of which each worker is to keep its own rows. Leave it out, or give --divide batches.");
        using TrainingTable table = _data.Open(_session, parsed, options, crossValidates: parsed.GetValue(_crossValidate) is not null);
        bool drawsCurve = parsed.GetValue(_learningCurve);
        if (drawsCurve && table.Streamed is not null)
            throw new UsageException("--learning-curve needs the whole table in memory, which this one does not fit in. Leave it out, or allow more with --memory-limit.");
        PreparedData<float> prepared = table.Prepared;
        var run = new TrainRun(table.Table, table.Data, prepared, options, table.Place);
        int? k = parsed.GetValue(_crossValidate);
        if (!_session.Workers.Writes)
        {
            if (k is not null)
                CrossValidation.Run(run.Table, run.Data, options, k.Value, _session.Workers, cancellation: _session.Cancellation);
            OnePass.Train(prepared, options, null, _session.Cancellation);
            return ExitCode.Success;
        }
        if (!json)
            run.WriteHeader(_session.Out);
        // Who reads of a mistake before training need not wait for its end.
        foreach (string warning in prepared.Warnings)
            _session.Warn(warning);

        CrossValidated? folds = k is not null ? CrossValidate(run, k.Value, json) : null;
        LearningCurve? curve = drawsCurve ? Learn(run, json) : null;
        OnePassResult result = Train(run, json);
        curve = curve?.With(run, result);
        var baselines = Baselines.Of(run, _session.Cancellation);
        string[] failures =
        [
            .. Failure("model", model, result.Model.Save),
            .. Failure("report", report, path => Provenance.Add(TrainReport.Create(run, result, folds, curve, baselines, _session.CommandLine), _session, _data.Files(parsed)).Save(path)),
            .. Failure("history", history, path => TrainingHistory.Save(path, result.Trajectory)),
        ];
        var outcome = new TrainOutcome(run, result, folds, curve, baselines, model, report, history, failures);
        foreach (string warning in result.Warnings.Skip(prepared.Warnings.Count))
            _session.Warn(warning);
        if (json)
            outcome.WriteJson(_session.Out);
        else
            outcome.WriteText(_session.Out);
        _session.Out.Flush();
        foreach (string failure in failures)
            _session.Fail(failure);
        return outcome.ExitCode;
    }

    private CrossValidated CrossValidate(TrainRun run, int folds, bool json)
    {
        CrossValidated errors = new(PieceProgress<Metrics>.Show(_session, json, folds, folds, fold => (1, $"{Measure.Of(fold)[0].Title} {Measure.Of(fold)[0].Text} on {fold.Rows} rows"),
            progress => CrossValidation.Run(run.Table, run.Data, run.Options, folds, _session.Workers, progress, _session.Cancellation)));
        if (!json)
            errors.WriteText(_session.Out);
        return errors;
    }

    private LearningCurve Learn(TrainRun run, bool json)
    {
        int trainings = LearningCurve.TrainingsOf(run);
        return PieceProgress<LearningCurve.Point>.Show(_session, json, trainings, trainings, point => (1, $"trained on {Words.Count(point.Rows, "row")}"), progress => LearningCurve.Of(run, progress, _session.Cancellation));
    }

    private OnePassResult Train(TrainRun run, bool json)
    {
        if (json)
            return OnePass.Train(run.Prepared, run.Options, null, _session.Cancellation);
        if (_session.IsTerminal)
            return ProgressBar.Show(run, progress => OnePass.Train(run.Prepared, run.Options, progress, _session.Cancellation));
        return OnePass.Train(run.Prepared, run.Options, new ProgressLines(_session.Out, run), _session.Cancellation);
    }

    private static IEnumerable<string> Failure(string what, string? path, Action<string> write) =>
        path is not null && OutputFiles.TryWrite(what, path, write) is { } failure ? [failure] : [];
}
