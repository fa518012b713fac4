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
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private TrainCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var train = new TrainCommand(session);
        var command = new Command(Name, "Trains a network on a CSV file while it tunes its own hyperparameters, such as learning rate and weight decay.");
        train._data.AddTo(command);
        train._training.AddTo(command);
        command.Options.Add(train._model);
        command.Options.Add(train._report);
        command.Options.Add(train._json);
        command.SetAction(train.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? model = parsed.GetValue(_model), report = parsed.GetValue(_report);
        bool json = parsed.GetValue(_json);
        OnePassOptions options = _training.Read(parsed) with { Workers = _session.Workers };
        (Table table, DataOptions data) = _data.Load(parsed, options.Seed);
        PreparedData<float> prepared = DataPreparation.Prepare<float>(table, data);
        var run = new TrainRun(table, data, prepared, options);
        if (!_session.Workers.Writes)
        {
            OnePass.Train(prepared, options, null, _session.Cancellation);
            return ExitCode.Success;
        }
        if (!json)
            run.WriteHeader(_session.Out);
        // Who reads of a mistake before training need not wait for its end.
        foreach (string warning in prepared.Warnings)
            _session.Warn(warning);

        OnePassResult result = Train(run, json);
        var baselines = Baselines.Of(run, _session.Cancellation);
        string[] failures =
        [
            .. Failure("model", model, result.Model.Save),
            .. Failure("report", report, path => TrainReport.Create(run, result, baselines, _session.CommandLine).Save(path)),
        ];
        var outcome = new TrainOutcome(run, result, baselines, model, report, failures);
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
