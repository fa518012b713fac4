namespace MLNetHyper.Cli;

/// <summary>Finds the folder of the sample data sets.</summary>
internal static class SampleData
{
    internal const string Default = "samples/data in the current folder or the nearest above it";

    /// <param name="given">What the command line names; null if it does not.</param>
    /// <param name="near">A file above which to look too.</param>
    /// <exception cref="UsageException">There is no such folder.</exception>
    internal static string Folder(string? given, string? near = null)
    {
        if (given is not null)
            return Directory.Exists(given) ? given : throw new UsageException($"there is no folder '{given}' (--data-folder).");
        return Above(Directory.GetCurrentDirectory()) ?? Above(near is null ? null : Path.GetDirectoryName(Path.GetFullPath(near)))
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
