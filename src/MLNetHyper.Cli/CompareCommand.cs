using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass compare</c>: tuning in one pass against searching by restarts, at equal cost.</summary>
internal sealed class CompareCommand
{
    internal const string Name = "compare";

    private const int QuickRepeats = 3;
    private const int MostRepeats = 10_000;

    private static readonly int[] _quickMultiples = [1, 3, 10];
    private static readonly ComparisonOptions _defaults = new() { Data = new DataOptions { LabelColumn = "" } };

    private readonly DataFlags _data = new();
    private readonly TrainingFlags _training = new();
    private readonly Option<int?> _repeats = Flags.Of("--repeats", "N", $"How many repeats, each with a different random division of the rows, different initial weights and different drawn settings. Default: {_defaults.Repeats}.", text => Flags.Integer(text, 1, MostRepeats));
    private readonly Option<int[]?> _multiples = Flags.Of<int[]?>("--multiples", "N,N,…", $"Budgets of the searches, in plain trainings, 1 to 1000. Default: {string.Join(',', _defaults.Multiples)}.", Multiples);
    private readonly Option<RestartSearch[]?> _searches = Flags.Of<RestartSearch[]?>("--searches", "NAMES", $"Searches to compare with. Default: {string.Join(',', RestartSearch.All.Select(s => s.Name))} (asha: asynchronous successive halving; pbt: population-based training). Where Python has Optuna, also tpe and bohb.", Searches);
    private readonly Option<Baseline[]?> _baselines = Flags.Of<Baseline[]?>("--baselines", "NAMES", "Plain trainings that also compete: an update rule with its own hyperparameters, such as prodigy or schedule-free-adamw, or cosine-, one-cycle- or reduce-on-plateau- in front of sgd or adamw. Default: none.", Baselines);
    private readonly Option<bool> _randomInitial = Flags.Switch("--random-initial", "Start from hyperparameters drawn from the space that the searches look in, instead of the defaults; the searches try that start first. Default: off.");
    private readonly Option<bool> _quick = Flags.Switch("--quick", $"A first impression: {QuickRepeats} repeats and budgets of {string.Join(", ", _quickMultiples)} unless given otherwise. Default: off.");
    private readonly Option<int?> _parallelism = Flags.Of("--parallelism", "N", "Runs at a time, of each worker that mpiexec started; the results do not depend on it. Default: one for each processor, and of several workers one each.", text => Flags.Integer(text, 1, 1024));
    private readonly FileOption _checkpoint = RunsIdentity.Option();
    private readonly FileOption _report = Flags.Output("--report", "Write a report with pictures as one HTML file. Default: not written.");
    private readonly FileOption _csv = Flags.Output("--csv", "Write every single result as CSV. Default: not written.");
    private readonly Option<bool> _markdown = Flags.Switch("--markdown", "Write a Markdown table and nothing else. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private CompareCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var compare = new CompareCommand(session);
        var command = new Command(Name, "Compares tuning in one pass with restart-based searches (random, grid, successive halving, population-based training) at equal cost.");
        compare._data.AddTo(command);
        compare._training.AddComparableTo(command);
        foreach (Option option in new Option[] { compare._repeats, compare._multiples, compare._searches, compare._baselines, compare._randomInitial, compare._quick, compare._parallelism, compare._checkpoint, compare._report, compare._csv, compare._markdown, compare._json })
            command.Options.Add(option);
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? report = parsed.GetValue(_report), csv = parsed.GetValue(_csv);
        bool json = parsed.GetValue(_json), markdown = parsed.GetValue(_markdown), quick = parsed.GetValue(_quick);
        if (json && markdown)
            throw new UsageException("give --json or --markdown, not both.");
        bool quiet = json || markdown;
        OnePassOptions training = _training.Read(parsed);
        (Table table, DataOptions data) = _data.Load(_session, parsed, training.Seed);
        var options = new ComparisonOptions
        {
            Data = data,
            Training = training,
            Searches = parsed.Given(_searches) ?? _defaults.Searches,
            Baselines = parsed.Given(_baselines) ?? _defaults.Baselines,
            Multiples = parsed.Given(_multiples) ?? (quick ? _quickMultiples : _defaults.Multiples),
            Repeats = parsed.GetValue(_repeats) ?? (quick ? QuickRepeats : _defaults.Repeats),
            RandomInitialHyperparameters = parsed.GetValue(_randomInitial),
            Seed = training.Seed,
            Parallelism = parsed.GetValue(_parallelism) ?? (_session.Workers.Count > 1 ? 1 : _defaults.Parallelism),
        };
        if (!quiet)
            ComparisonOutput.WriteHeader(_session.Out, table, options);
        string? checkpoint = parsed.GetValue(_checkpoint);
        FinishedRuns<ComparisonEntry> finished = new(checkpoint, RunsIdentity.Of(_session, parsed, [_parallelism, _markdown, _json], _data.Files(parsed)), _session.Workers);
        ComparisonResult result;
        try
        {
            result = Compare(table, options with { Finished = finished.Known, Workers = _session.Workers }, finished, quiet || !_session.Workers.Writes);
        }
        catch (OperationCanceledException)
        {
            _session.Fail(RunsIdentity.Interrupted(checkpoint));
            return ExitCode.Canceled;
        }

        if (!_session.Workers.Writes)
            return ExitCode.Success;
        foreach (string warning in result.Example.Warnings)
            _session.Warn(warning);
        WrittenFiles files = new();
        report = files.Write("report", report, path => Provenance.Add(ComparisonReport.Create(result, _session.CommandLine), _session, _data.Files(parsed)).Save(path));
        csv = files.Write("CSV file", csv, result.SaveCsv);
        if (json)
            ComparisonOutput.WriteJson(_session.Out, result, report, csv);
        else if (markdown)
            _session.Out.Write(result.ToMarkdown(_session.CommandLine));
        else
            ComparisonOutput.WriteText(_session.Out, result, report, csv);
        return files.End(_session);
    }

    private ComparisonResult Compare(Table table, ComparisonOptions options, FinishedRuns<ComparisonEntry> finished, bool quiet)
    {
        // A one-pass run takes about three times as long as a plain one.
        double Work(ComparisonEntry entry) => options.Searches.Any(s => s.Name == entry.Method) ? entry.Multiple : entry.Method == options.Training.Method.Name ? 3 : 1;
        double total = options.Repeats * ((options.Searches.Count * options.Multiples.Sum(m => (double)m)) + 4 + options.Baselines.Count);
        int pieces = options.Repeats * ((options.Searches.Count * options.Multiples.Count) + 2 + options.Baselines.Count);
        return PieceProgress<ComparisonEntry>.Show(_session, quiet, pieces, total,
            entry => (Work(entry), $"{entry.Method} at the cost of {CompactNumber.Format(entry.Cost, 3)}, seed {entry.Repeat}: {CompactNumber.Format(entry.TestError, 3)}{(entry.Failed ? " (failed)" : "")}"),
            progress => RestartComparison.Run(table, options, finished.Before(progress), _session.Cancellation));
    }

    private static int[] Multiples(string text)
    {
        int[] multiples = [.. Flags.Names(text).Select(part => Flags.Integer(part, 1, 1000)!.Value)];
        return multiples.Distinct().Count() == multiples.Length ? multiples : throw new UsageException($"must be different numbers, but is '{text}'.");
    }

    private static Baseline[] Baselines(string text)
    {
        Baseline[] baselines = [.. Flags.Names(text).Select(name => Flags.Choice(name, [.. Baseline.All.Select(b => (b.Name, b))]))];
        return baselines.Distinct().Count() == baselines.Length ? baselines : throw new UsageException($"must be different baselines, but is '{text}'.");
    }

    private static RestartSearch[] Searches(string text)
    {
        RestartSearch[] searches = [.. Flags.Names(text).Select(name => Flags.Choice(name, [.. RestartSearch.All.Concat(OptunaSearch.Both).Select(s => (s.Name, s))]))];
        return searches.Distinct().Count() == searches.Length ? searches : throw new UsageException($"must be different searches, but is '{text}'.");
    }
}
