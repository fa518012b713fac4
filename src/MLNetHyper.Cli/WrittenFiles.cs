namespace MLNetHyper.Cli;

/// <summary>Files that a command writes at its end. One that cannot be written keeps none of the others back.</summary>
internal sealed class WrittenFiles
{
    private readonly List<string> _failures = [];

    /// <summary>The path, unless writing there failed: an older file may still stand there.</summary>
    internal string? Write(string what, string? path, Action<string> write)
    {
        if (path is null || OutputFiles.TryWrite(what, path, write) is not { } failure)
            return path;
        _failures.Add(failure);
        return null;
    }

    /// <summary>Says what failed.</summary>
    internal int End(Session session)
    {
        session.Out.Flush();
        foreach (string failure in _failures)
            session.Fail(failure);
        return _failures.Count > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}
