using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass suite</c>: contestants on every table of a folder.</summary>
internal sealed class SuiteCommand
{
    internal const string Name = "suite";

    private static readonly SuiteOptions _defaults = new();

    private readonly Option<string?> _data = Flags.Text("--data", "FOLDER", $"A folder of {DataFile.Kinds} files with headers, whose label is the column y.", required: true);
    private readonly Option<string[]?> _tables = Flags.Of<string[]?>("--tables", "NAMES", "Which of the files, without the extension. Default: all.", Flags.Names);
    private readonly Option<string?> _label = Flags.Text("--label", "COLUMN", $"The column to predict. Default: {_defaults.LabelColumn}.");
    private readonly Option<SuiteContestant[]?> _contestants = Flags.Of<SuiteContestant[]?>("--contestants", "NAMES", $"Who competes; the first is compared with the others. Default: {string.Join(',', SuiteContestant.Default.Select(c => c.Name))} (k restarts cost as much as the first that tunes). Others: update rules by name, untuned, or as tuned-RULE; cosine-, one-cycle- and reduce-on-plateau- in front of sgd or adamw, untuned; methods by name; without-members, without-bins, without-schedule and without-averaging, which are one pass without one of its parts; started-high and started-low, one pass from 100 times and from 1/500 of the rule's learning rate.",
        text => [.. Flags.Names(text).Select(name => Flags.Choice(name, [.. SuiteContestant.All.Select(c => (c.Name, c))]))]);
    private readonly Option<int?> _divisions = Flags.Of("--divisions", "N", $"Random divisions of every table. Default: {_defaults.Divisions}.", text => Flags.Integer(text, 1, 10_000));
    private readonly Option<int?> _parallelism = Flags.Of("--parallelism", "N", "Divisions at a time, of each worker that mpiexec started; results do not depend on it, times do. Default: 1.", text => Flags.Integer(text, 1, 1024));
    private readonly FileOption _checkpoint = RunsIdentity.Option();
    private readonly TrainingFlags _training = new();
    private readonly Option<bool> _markdown = Flags.Switch("--markdown", "Write Markdown tables and nothing else. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly FileOption _report = Flags.Output("--report", "Write a report as one HTML file. Default: not written.");
    private readonly Session _session;

    private SuiteCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var suite = new SuiteCommand(session);
        var command = new Command(Name, "Compares one pass, the same networks untuned, and restarts at equal cost on every table of a folder.");
        foreach (Option option in new Option[] { suite._data, suite._tables, suite._label, suite._contestants, suite._divisions, suite._parallelism })
            command.Options.Add(option);
        suite._training.AddSuiteTo(command);
        foreach (Option option in new Option[] { suite._checkpoint, suite._report, suite._markdown, suite._json })
            command.Options.Add(option);
        command.SetAction(suite.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json), markdown = parsed.GetValue(_markdown);
        if (json && markdown)
            throw new UsageException("give --json or --markdown, not both.");
        OnePassOptions training = _training.Read(parsed);
        var options = new SuiteOptions
        {
            LabelColumn = parsed.GetValue(_label) ?? _defaults.LabelColumn,
            Training = training,
            Contestants = parsed.Given(_contestants) ?? _defaults.Contestants,
            Divisions = parsed.GetValue(_divisions) ?? _defaults.Divisions,
            Parallelism = parsed.GetValue(_parallelism) ?? _defaults.Parallelism,
            Seed = training.Seed,
        };
        (string Name, Table Table)[] tables = Load(parsed.GetValue(_data)!, parsed.Given(_tables));
        string? checkpoint = parsed.GetValue(_checkpoint);
        FinishedRuns<SuiteEntry> finished = new(checkpoint, RunsIdentity.Of(_session, parsed, [_data, _parallelism, _markdown, _json], tables.Select(table => table.Table.Source!)), _session.Workers);
        options = options with { Finished = finished.Known, Workers = _session.Workers };
        SuiteResult result;
        try
        {
            result = Run(tables, options, finished, json || markdown || !_session.Workers.Writes);
        }
        catch (OperationCanceledException)
        {
            _session.Fail(RunsIdentity.Interrupted(checkpoint));
            return ExitCode.Canceled;
        }
        return !_session.Workers.Writes ? ExitCode.Success : Write(parsed, result, tables.Select(table => table.Table.Source!), json, markdown);
    }

    private SuiteResult Run((string Name, Table Table)[] tables, SuiteOptions options, FinishedRuns<SuiteEntry> finished, bool quiet) =>
        PieceProgress<SuiteEntry>.Show(_session, quiet, tables.Length * options.Divisions * options.Contestants.Count, tables.Sum(t => (double)t.Table.RowCount) * options.Divisions * options.Contestants.Count,
            entry => (tables.First(t => t.Name == entry.Table).Table.RowCount, $"{entry.Table}, division {entry.Division}, {entry.Contestant}: {CompactNumber.Format(entry.TestError, 3)}{(entry.Failed ? " (failed)" : "")}"),
            progress => Suite.Run(tables, options, finished.Before(progress), _session.Cancellation));

    private int Write(ParseResult parsed, SuiteResult result, IEnumerable<string> data, bool json, bool markdown)
    {
        string? failure = parsed.GetValue(_report) is { } report ? OutputFiles.TryWrite("report", report, path => Provenance.Add(SuiteReport.Create(result, _session.CommandLine), _session, data).Save(path)) : null;
        if (json)
        {
            _session.Out.Write($"{result.ToJson()}\n");
        }
        else if (markdown)
        {
            _session.Out.Write(result.ToMarkdown(_session.CommandLine));
        }
        else
        {
            Write(result.ToTable());
            Write(result.ToSummaryTable());
            _session.Out.WriteLine(result.Note);
        }
        _session.Out.Flush();
        if (failure is null)
            return ExitCode.Success;
        _session.Fail(failure);
        return ExitCode.Failed;
    }

    private void Write(IReadOnlyList<string[]> rows)
    {
        var table = new TextTable(rows[0]);
        foreach (string[] row in rows.Skip(1))
            table.Add(row);
        table.WriteTo(_session.Out);
        _session.Out.WriteLine();
    }

    private static (string Name, Table Table)[] Load(string folder, string[]? names)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--data must be a folder of {DataFile.Kinds} files, but there is no folder '{folder}'.");
        string[] files = [.. Directory.GetFiles(folder).Where(DataFile.HasName).Order(StringComparer.Ordinal)];
        string[] known = [.. files.Select(file => Path.GetFileNameWithoutExtension(file)!)];
        if (names?.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new UsageException($"--tables: there is no table '{unknown}' in '{folder}'; there are {string.Join(", ", known)}.");
        if (files.Length == 0)
            throw new UsageException($"--data: there are no {DataFile.Kinds} files in '{folder}'.");
        return [.. files.Zip(known).Where(file => names is null || names.Contains(file.Second)).Select(file => (file.Second, DataFile.Load(file.First, new CsvOptions())))];
    }
}
