using System.CommandLine;
using System.Globalization;

namespace MLNetHyper.Cli;

/// <summary><c>onepass speed</c>: what this machine makes of the engine.</summary>
internal sealed class SpeedCommand
{
    private static readonly string[] _columns = ["rows x network", "method", "step µs", "update µs", "GFLOP/s", "of peak", "one pass / plain", "bytes / step"];

    private readonly Option<bool> _markdown = Flags.Switch("--markdown", "Write a Markdown table and nothing else. Default: off.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private SpeedCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var speed = new SpeedCommand(session);
        var command = new Command("speed", "Measures, on one core, gradients against this machine's peak and one-pass training against plain training. Takes half a minute.") { speed._markdown, speed._json };
        command.SetAction(speed.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json), markdown = parsed.GetValue(_markdown);
        if (json && markdown)
            throw new UsageException("give --json or --markdown, not both.");
        SpeedReport report = SpeedMeasurement.Measure(cancellation: _session.Cancellation);
        if (json)
            _session.Out.Write($"{report.ToJson()}\n");
        else if (markdown)
            WriteMarkdown(report);
        else
            WriteText(report);
        return ExitCode.Success;
    }

    private void WriteText(SpeedReport report)
    {
        var table = new TextTable(_columns);
        foreach (SpeedEntry entry in report.Shapes)
            table.Add(Cells(entry));
        table.WriteTo(_session.Out);
        _session.Out.WriteLine();
        _session.Out.WriteLine(Notes(report));
    }

    private void WriteMarkdown(SpeedReport report)
    {
        MarkdownTable.Write(_session.Out, _session.CommandLine, _columns, report.Shapes.Select(Cells));
        _session.Out.Write($"\n{Notes(report)}\n");
    }

    private static string[] Cells(SpeedEntry entry) =>
    [
        entry.Shape, entry.Method, CompactNumber.Format(entry.StepMicroseconds, 3), entry.Method == new Fixed().Name ? "-" : CompactNumber.Format(entry.UpdateMicroseconds, 3),
        CompactNumber.Format(entry.Gflops, 3), $"{100 * entry.FractionOfPeak:F0} %", entry.OnePassOverVanilla.ToString("F2", CultureInfo.InvariantCulture), CompactNumber.Format(entry.BytesAllocatedPerStep, 2),
    ];

    private static string Notes(SpeedReport report) =>
        $"One core, float32; peak of its fused multiply-adds {CompactNumber.Format(report.PeakGflops, 3)} GFLOP/s. Step: plain training, all told. "
        + "Update: what a hyperparameter step adds to its ten weight steps. GFLOP/s: the gradient alone. Whatever takes turns here was timed in turns, each at its best.";
}
