using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetHyper.Cli;

/// <summary>The end of every report: the command that makes it again, by which versions it was made, and of exactly which data.</summary>
internal static class Provenance
{
    /// <summary>The tool's version, and the commit that it was built from where that is known.</summary>
    internal static string Version => typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <param name="report">Where to add it.</param>
    /// <param name="session">The invocation.</param>
    /// <param name="files">The data.</param>
    internal static Report Add(Report report, Session session, IEnumerable<string> files)
    {
        var table = new ReportTable("Made with", "what", "which").Add("onepass", $"version {Version}").Add(".NET", $"version {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}");
        foreach (string file in files)
            table.Add(file == FileOption.StandardStream ? "standard input" : Path.GetFileName(file), $"SHA-256 {Hash(session, file)}");
        return report.Add(table);
    }

    private static string Hash(Session session, string file)
    {
        if (file == FileOption.StandardStream)
            return Convert.ToHexStringLower(SHA256.HashData(session.Bytes(file)));
        // Piece by piece: it may be larger than memory.
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
