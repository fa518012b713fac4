using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass reproduce</c>: the published experiment again, beside the published numbers.</summary>
internal sealed class ReproduceCommand
{
    private readonly Option<ReferenceDataset?> _dataset = Flags.Of<ReferenceDataset?>("--dataset", string.Join('|', ReferenceDataset.All.Select(d => d.Name)), "The data set. Required.",
        text => Flags.Choice<ReferenceDataset?>(text, [.. ReferenceDataset.All.Select(d => (d.Name, (ReferenceDataset?)d))]), required: true);
    private readonly Option<PaperMethod[]?> _methods = Flags.Of<PaperMethod[]?>("--methods", "NAMES", $"Rows of the table, with commas between them. Default: {string.Join(',', PaperMethod.All.Select(m => m.Key))}.", Methods);
    private readonly Option<int?> _initialisations = Flags.Of("--initialisations", "N", $"Random initialisations, at least 3. Default: {PaperReproduction.PublishedInitialisations}, as published.", text => Flags.Integer(text, 3, 100_000));
    private readonly Option<int?> _steps = Flags.Of("--steps", "N", $"Weight steps, at least 10. Default: {PaperReproduction.PublishedSteps}, as published.", text => Flags.Integer(text, 10));
    private readonly Option<int?> _seed = Flags.Of("--seed", "N", "Seed of the first initialisation; the others follow. Default: 0.", text => Flags.Integer(text, int.MinValue));
    private readonly Option<string?> _dataFolder = Flags.Text("--data-folder", "FOLDER", $"Folder with the data sets' CSV files. Default: {SampleData.Default}.");
    private readonly Option<bool> _markdown = Flags.Switch("--markdown", "Write a Markdown table and nothing else. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private ReproduceCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var reproduce = new ReproduceCommand(session);
        var command = new Command("reproduce", "Repeats table 1 of Clarke et al. 2022 from random initialisations and prints the published numbers beside ours.");
        foreach (Option option in new Option[] { reproduce._dataset, reproduce._methods, reproduce._initialisations, reproduce._steps, reproduce._seed, reproduce._dataFolder, reproduce._markdown, reproduce._json })
            command.Options.Add(option);
        command.SetAction(reproduce.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json), markdown = parsed.GetValue(_markdown);
        if (json && markdown)
            throw new UsageException("give --json or --markdown, not both.");
        ReferenceDataset dataset = parsed.GetValue(_dataset)!;
        var setup = new ReproductionSetup(dataset, parsed.Given(_methods) ?? [.. PaperMethod.All],
            parsed.GetValue(_initialisations) ?? PaperReproduction.PublishedInitialisations, parsed.GetValue(_steps) ?? PaperReproduction.PublishedSteps, parsed.GetValue(_seed) ?? 0);
        string folder = SampleData.Folder(parsed.GetValue(_dataFolder));
        Table table = CsvTable.Load(Path.Combine(folder, dataset.FileName));
        bool plain = !json && !markdown;
        if (plain)
            setup.WriteHeader(_session.Out);

        int runs = setup.Methods.Count * setup.Initialisations;
        IReadOnlyList<ReproductionRow> rows = PieceProgress<(string Title, double TestMse)>.Show(_session, !plain, runs, runs,
            run => (1, $"{run.Title}: {(double.IsFinite(run.TestMse) ? CompactNumber.Format(run.TestMse, 3) : "diverged")}"),
            progress => PaperReproduction.Run(dataset, table, setup.Methods, setup.Initialisations, setup.Steps, setup.Seed, progress, _session.Cancellation));
        if (json)
            ReproductionOutput.WriteJson(_session.Out, setup, rows);
        else if (markdown)
            ReproductionOutput.WriteMarkdown(_session.Out, _session.CommandLine, setup, rows);
        else
            ReproductionOutput.WriteText(_session.Out, setup, rows);
        return ExitCode.Success;
    }

    private static PaperMethod[] Methods(string text) => [.. Flags.Names(text).Distinct().Select(name => Flags.Choice(name, [.. PaperMethod.All.Select(m => (m.Key, m))]))];
}

/// <summary>What is repeated.</summary>
internal sealed record ReproductionSetup(ReferenceDataset Dataset, IReadOnlyList<PaperMethod> Methods, int Initialisations, long Steps, int Seed)
{
    internal void WriteHeader(TextWriter output)
    {
        output.WriteLine($"data      {Dataset.Name}: {Dataset.Train} rows train, {Dataset.Validation} validate, {Dataset.Test} test, in file order ({Dataset.Source})");
        output.WriteLine("protocol  50 ReLU units, full batches, hyperparameters drawn at random, tuned every 10 steps, error after the last step");
        output.WriteLine($"runs      {Initialisations} initialisations of {CompactNumber.Format(Steps)} steps for each of {Methods.Count} methods, seeds from {Seed}");
        output.WriteLine();
        output.Flush();
    }
}
