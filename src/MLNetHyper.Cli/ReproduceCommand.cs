using System.CommandLine;
using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary><c>onepass reproduce</c>: a published experiment again, beside the published numbers.</summary>
internal sealed class ReproduceCommand
{
    // What an executable with the other engine brings. This one should at least say where it is.
    private static readonly string[] _torchSharp = ["ptb", "cifar-10", "cifar-10-wrn"];

    private readonly Option<PaperExperiment?> _dataset;
    private readonly Option<PaperMethod[]?> _methods;
    private readonly Option<int?> _initializations;
    private readonly Option<int?> _steps;
    private readonly Option<int?> _seed = Flags.Of("--seed", "N", "Seed of the first initialization; the others follow. Default: 0.", text => Flags.Integer(text, int.MinValue));
    private readonly Option<string?> _dataFolder;
    private readonly Option<bool> _markdown = Flags.Switch("--markdown", "Write a Markdown table and nothing else. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private ReproduceCommand(Session session)
    {
        _session = session;
        IReadOnlyList<PaperExperiment> experiments = session.Host.Experiments;
        _methods = Flags.Of<PaperMethod[]?>("--methods", "NAMES", $"Rows of the table, separated by commas. Default: all that the data set has, usually {Keys(scheduled: false)}; not the ones with a schedule and averaged weights, which are not in the paper: {Keys(scheduled: true)}.",
            text => [.. Flags.Names(text).Distinct().Select(name => Flags.Choice(name, [.. experiments.SelectMany(e => e.Methods).DistinctBy(m => m.Key).Select(m => (m.Key, m))]))]);
        string[] elsewhere = [.. _torchSharp.Except(experiments.Select(e => e.Name))];
        _dataset = Flags.Of("--dataset", string.Join('|', experiments.Select(e => e.Name)),
            $"The data set.{(elsewhere.Length > 0 ? $" {string.Join(", ", elsewhere)} need the tool with the TorchSharp engine." : "")} Required.", Experiment, required: true);
        _initializations = Flags.Of("--initializations", "N", $"Random initializations, at least 3. Default: as published, {Each(experiments, e => e.PublishedInitializations)}.", text => Flags.Integer(text, 3, 100_000));
        _steps = Flags.Of("--steps", "N", $"Weight steps, at least 10. Default: as published, {Each(experiments, e => e.PublishedSteps)}.", text => Flags.Integer(text, 10));
        string[] own = [.. experiments.Where(e => !e.IsSample).Select(e => e.Name)];
        _dataFolder = Flags.Text("--data-folder", "FOLDER",
            $"Folder with the data set's files. {string.Join(", ", own)} {(own.Length > 1 ? "need" : "needs")} one. Default for the others: {SampleData.Default}.");
    }

    internal static Command Create(Session session)
    {
        var reproduce = new ReproduceCommand(session);
        var command = new Command("reproduce", "Repeats a published experiment from random initializations and prints the published numbers beside ours.");
        foreach (Option option in new Option[] { reproduce._dataset, reproduce._methods, reproduce._initializations, reproduce._steps, reproduce._seed, reproduce._dataFolder, reproduce._markdown, reproduce._json })
            command.Options.Add(option);
        command.SetAction(reproduce.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json), markdown = parsed.GetValue(_markdown);
        if (json && markdown)
            throw new UsageException("give --json or --markdown, not both.");
        PaperExperiment experiment = parsed.GetValue(_dataset)!;
        var setup = new ReproductionSetup(experiment, parsed.Given(_methods) ?? [.. experiment.Methods.Where(method => !method.Scheduled)],
            parsed.GetValue(_initializations) ?? experiment.PublishedInitializations, parsed.GetValue(_steps) ?? experiment.PublishedSteps, parsed.GetValue(_seed) ?? 0);
        if (setup.Methods.FirstOrDefault(method => !experiment.Methods.Contains(method)) is { } missing)
            throw new UsageException($"{experiment.Name} cannot be run with '{missing.Key}' (--methods), only with {string.Join(", ", experiment.Methods.Select(m => m.Key))}.");
        using LoadedExperiment data = experiment.Load(Folder(experiment, parsed.GetValue(_dataFolder)));
        bool plain = !json && !markdown;
        if (plain)
            setup.WriteHeader(_session.Out, data.StepsPerEpoch);

        int runs = setup.Methods.Count * setup.Initializations;
        IReadOnlyList<ReproductionRow> rows = PieceProgress<(string Title, double TestError)>.Show(_session, !plain, runs, runs,
            run => (1, $"{run.Title}: {(double.IsFinite(run.TestError) ? CompactNumber.Format(run.TestError, 3) : "diverged")}"),
            progress => PaperReproduction.Run(data, setup.Methods, setup.Initializations, setup.Steps, setup.Seed, progress, _session.Cancellation));
        if (json)
            ReproductionOutput.WriteJson(_session.Out, setup, rows);
        else if (markdown)
            ReproductionOutput.WriteMarkdown(_session.Out, _session.CommandLine, setup, rows);
        else
            ReproductionOutput.WriteText(_session.Out, setup, rows);
        return ExitCode.Success;
    }

    private PaperExperiment? Experiment(string text) => _torchSharp.Contains(text, StringComparer.OrdinalIgnoreCase) && !_session.Host.Experiments.Any(e => string.Equals(e.Name, text, StringComparison.OrdinalIgnoreCase))
        ? throw new UsageException($"{text} needs the TorchSharp engine: dotnet run --project src/MLNetHyper.Torch.Cli -c Release -- reproduce --dataset {text.ToLowerInvariant()} --data-folder FOLDER.")
        : Flags.Choice(text, [.. _session.Host.Experiments.Select(e => (e.Name, (PaperExperiment?)e))]);

    private static string Folder(PaperExperiment experiment, string? given) => experiment.IsSample
        ? SampleData.Folder(given)
        : given ?? throw new UsageException($"name the folder with the data with --data-folder. {experiment.Files}");

    private static string Keys(bool scheduled) => string.Join(',', PaperMethod.All.Where(m => m.Scheduled == scheduled).Select(m => m.Key));

    /// <summary>"200 for energy, power; 100 for fashion-mnist".</summary>
    private static string Each<T>(IEnumerable<PaperExperiment> experiments, Func<PaperExperiment, T> published) =>
        string.Join("; ", experiments.GroupBy(published).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} for {string.Join(", ", group.Select(e => e.Name))}")));
}

/// <summary>What is repeated.</summary>
internal sealed record ReproductionSetup(PaperExperiment Experiment, IReadOnlyList<PaperMethod> Methods, int Initializations, long Steps, int Seed)
{
    /// <param name="output">Takes the lines.</param>
    /// <param name="stepsPerEpoch">Steps of one pass over the training examples; 1 for full batches, where passes are not worth a word.</param>
    internal void WriteHeader(TextWriter output, int stepsPerEpoch)
    {
        string epochs = stepsPerEpoch > 1 ? $" ({CompactNumber.Format((double)Steps / stepsPerEpoch, 3)} epochs)" : "";
        output.WriteLine($"data      {Experiment.Name}: {Experiment.Description}");
        output.WriteLine($"protocol  {Experiment.Protocol}");
        output.WriteLine($"runs      {Initializations} initializations of {CompactNumber.Format(Steps)} steps{epochs} for each of {Methods.Count} methods, seeds from {Seed}");
        output.WriteLine();
        output.Flush();
    }
}
