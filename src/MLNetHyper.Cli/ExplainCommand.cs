using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass explain</c>: what a model relies on, and how its predictions depend on a column.</summary>
internal sealed class ExplainCommand
{
    private readonly FileOption _model = Flags.Input("--model", "The model that 'onepass train --model' wrote.", required: true);
    private readonly FilesOption _data = Flags.Inputs("--data", $"{DataFile.Kinds} file, or several, with the columns that the model was trained on and with labels, best of all of rows that did not train it. - reads standard input.", required: true, mayBeStandardStream: true);
    private readonly Option<int?> _permutations = Flags.Of("--permutations", "N", $"How often each column is shuffled among the rows. Default: {Explanation.DefaultPermutations}.", text => Flags.Integer(text, 1, 10_000));
    private readonly Option<string[]?> _dependence = Flags.Of<string[]?>("--partial-dependence", "COLUMNS", "Columns for which to show the average prediction when all rows are given the same value, separated by commas. The data then need no labels. Default: none.", Flags.Names);
    private readonly Option<int?> _seed = Flags.Of("--seed", "N", "Seed of the permutations. Default: 0.", text => Flags.Integer(text, int.MinValue));
    private readonly FileOption _report = Flags.Output("--report", "Write a report with pictures as one HTML file. Default: not written.");
    private readonly ReadingFlags _reading = new();
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private ExplainCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var explain = new ExplainCommand(session);
        var command = new Command("explain", "Says how much a model relies on each column, and how its predictions depend on a column.") { explain._model, explain._data, explain._permutations, explain._dependence, explain._seed, explain._report };
        foreach (Option option in explain._reading.Options.Append(explain._json))
            command.Options.Add(option);
        command.SetAction(explain.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        Table table = _session.Read(parsed.GetValue(_data)!, _reading.Read(parsed, model.ReadingOptions));
        string[] columns = parsed.Given(_dependence) ?? [];
        bool labeled = columns.Length == 0 || table.TryGetColumn(model.Target.LabelColumn, out _);
        var explanation = Explanation.Of(model, table, labeled, parsed.GetValue(_permutations) ?? Explanation.DefaultPermutations, columns, parsed.GetValue(_seed) ?? 0, _session.Cancellation);
        IReadOnlyList<string> warnings = model.Features.Warnings(table);
        foreach (string warning in warnings)
            _session.Warn(warning);

        WrittenFiles files = new();
        string? report = files.Write("report", parsed.GetValue(_report), path => Report(explanation, table, [parsed.GetValue(_model)!, .. parsed.GetValue(_data)!]).Save(path));
        if (parsed.GetValue(_json))
            explanation.WriteJson(_session.Out, report, warnings);
        else
            explanation.WriteText(_session.Out);
        return files.End(_session);
    }

    private Report Report(Explanation explanation, Table table, string[] files) => Provenance.Add(new Report($"What predicts '{explanation.Label}'") { Subtitle = $"{table.Source}, {explanation.Rows} rows" }
        .Add(explanation).Heading("The command that made this report").Preformatted(_session.CommandLine), _session, files);
}
