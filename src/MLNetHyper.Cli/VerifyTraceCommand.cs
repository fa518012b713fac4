using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass verify-trace</c>: repeats runs of the reference implementation and compares every number.</summary>
internal sealed class VerifyTraceCommand
{
    /// <summary>Far above float64 rounding over a trace's steps, far below any mistake in the mathematics.</summary>
    private const double Tolerance = 1e-8;

    private readonly Argument<string[]> _files = new("FILE") { Description = "Reference traces (JSON).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _dataFolder = Flags.Text("--data-folder", "FOLDER", "Folder with the data sets' CSV files. Default: samples/data in the current folder or the nearest above it, else above the trace.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private VerifyTraceCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var verify = new VerifyTraceCommand(session);
        var command = new Command("verify-trace", "Repeats runs of the reference implementation in float64 and reports the largest relative deviation.") { verify._files, verify._dataFolder, verify._json };
        command.SetAction(verify.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        List<TraceDeviation> deviations = [];
        bool unreadable = false;
        foreach (string file in parsed.GetValue(_files)!)
        {
            _session.Cancellation.ThrowIfCancellationRequested();
            try
            {
                deviations.Add(TraceVerifier.Verify(file, DataFolder(parsed.GetValue(_dataFolder), file)));
            }
            catch (Exception exception) when (exception is DataFormatException or IOException or UnauthorizedAccessException)
            {
                unreadable = true;
                _session.Fail(exception.Message);
            }
        }
        if (parsed.GetValue(_json))
            WriteJson(deviations);
        else if (deviations.Count > 0)
            WriteText(deviations);
        return unreadable ? ExitCode.BadInput : deviations.All(IsFollowed) ? ExitCode.Success : ExitCode.Failed;
    }

    private void WriteText(List<TraceDeviation> deviations)
    {
        var table = new TextTable("largest relative deviation of", "all", "within 1e-8");
        foreach (TraceDeviation trace in deviations)
        {
            table.Add(Path.GetFileName(trace.File), Number(trace.MaxRelativeDeviation), IsFollowed(trace) ? "yes" : "NO");
            foreach ((string quantity, double deviation) in trace.Quantities.OrderBy(q => q.Key, StringComparer.Ordinal))
                table.Add($"  {quantity}", Number(deviation), deviation <= Tolerance ? "yes" : "NO");
        }
        table.WriteTo(_session.Out);
    }

    private void WriteJson(List<TraceDeviation> deviations) => Json.Write(_session.Out, json =>
    {
        json.WriteStartArray("files");
        foreach (TraceDeviation trace in deviations)
        {
            json.WriteStartObject();
            json.WriteString("file", trace.File);
            json.Number("maxRelativeDeviation", trace.MaxRelativeDeviation);
            json.Numbers("quantities", trace.Quantities);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    // Written so that a deviation that is not a number does not count as small.
    private static bool IsFollowed(TraceDeviation trace) => trace.MaxRelativeDeviation <= Tolerance && trace.Quantities.Values.All(deviation => deviation <= Tolerance);

    private static string Number(double deviation) => CompactNumber.Format(deviation, 2);

    private static string DataFolder(string? given, string trace)
    {
        if (given is not null)
            return Directory.Exists(given) ? given : throw new UsageException($"there is no folder '{given}' (--data-folder).");
        return Above(Directory.GetCurrentDirectory()) ?? Above(Path.GetDirectoryName(Path.GetFullPath(trace)))
            ?? throw new UsageException("there is no folder samples/data here or above. Name the folder with the data sets with --data-folder.");
    }

    private static string? Above(string? start)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "samples", "data");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
