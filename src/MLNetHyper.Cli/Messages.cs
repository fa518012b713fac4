namespace MLNetHyper.Cli;

/// <summary>Exceptions as one line that a user can act on.</summary>
internal static class Messages
{
    /// <summary>The exit code and the line for an exception.</summary>
    internal static (int ExitCode, string Message) Of(Exception exception) => exception switch
    {
        DataFormatException data => (ExitCode.BadInput, WithNames(data)),
        UsageException or CheckpointException => (ExitCode.BadInput, exception.Message),
        NetworkEngineException => (ExitCode.NoEngine, exception.Message),
        WorkersException => (ExitCode.Failed, exception.Message),
        ArgumentException argument => (ExitCode.BadInput, WithoutParameter(argument)),
        OverflowException or OutOfMemoryException => (ExitCode.Failed, "the data or the network is too large for this machine's memory. Use fewer rows, columns or hidden units."),
        NotSupportedException => (ExitCode.BadInput, exception.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
        OperationCanceledException => (ExitCode.Canceled, "canceled."),
        _ => (ExitCode.Failed, $"this should not have happened ({exception.GetType().Name}: {exception.Message}). Please report it with the command line."),
    };

    // The engine names its properties; here the same things are options.
    private static readonly (string Property, string Flag)[] _flags =
    [
        ("DataOptions.IgnoredColumns", "--drop"),
        ("DataOptions.DateColumns", "--dates"),
        ("DataOptions.BalanceClasses", "--class-weights"),
        ("DataOptions.MaximumCategories", "--max-categories"),
        ("DataOptions.CategoryBuckets", "--category-buckets"),
        ("DataOptions.BucketColumns", "--bucket"),
        ("DataOptions.MemoryLimit", "--memory-limit"),
        ("DataOptions.Task", "--task"),
        ("CsvOptions.TextColumns", "--text"),
        ("CsvOptions.NumericColumns", "--numeric"),
        ("CsvOptions.DecimalSeparator", "--decimal"),
        ("CsvOptions.Encoding", "--encoding"),
        ("CsvOptions.KeepMissingWords", "--keep-na"),
    ];

    internal static string OneLine(string message) => InFlags(message.ReplaceLineEndings(" "));

    /// <summary>A message of the engine in terms of the command line.</summary>
    internal static string InFlags(string message) => _flags.Aggregate(message, (text, pair) => text.Replace(pair.Property, pair.Flag, StringComparison.Ordinal));

    /// <summary>The columns to leave out stand behind the option, ready to be copied.</summary>
    private static string WithNames(DataFormatException exception)
    {
        const string Drop = "DataOptions.IgnoredColumns";
        string names = string.Join(',', exception.Columns.Select(name => name.AsSpan().ContainsAny(",\"") || name.Trim() != name ? $"\"{name.Replace("\"", "\"\"")}\"" : name));
        return exception.Columns.Count == 0 ? exception.Message
            : exception.Message.Replace($"eave it out with {Drop}", $"eave it out with --drop {Session.Quoted(names)}", StringComparison.Ordinal).Replace($"eave them out with {Drop}", $"eave them out with --drop {Session.Quoted(names)}", StringComparison.Ordinal);
    }

    /// <summary>.NET appends the parameter's name and value, which mean nothing to who typed a command.</summary>
    private static string WithoutParameter(ArgumentException exception)
    {
        string message = exception.Message;
        int end = exception.ParamName is null ? -1 : message.IndexOf($" (Parameter '{exception.ParamName}')", StringComparison.Ordinal);
        if (end < 0)
            return message;
        return exception is ArgumentOutOfRangeException { ActualValue: { } value } ? $"{message[..end]} It is {value}." : message[..end];
    }
}
