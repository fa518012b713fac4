namespace MLNetHyper.Cli;

/// <summary>Reads tables from files: Parquet where one is called so or begins like it, CSV otherwise.</summary>
internal static class DataFile
{
    internal const string Kinds = "CSV or Parquet";

    private const string Parquet = ".parquet";

    /// <summary>Whether a file in a folder is one by its name.</summary>
    internal static bool HasName(string path) => IsCalledParquet(path) || path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    internal static Table Load(string path, CsvOptions options) => IsParquet(path) ? ParquetTable.Load(path, options) : CsvTable.Load(path, options);

    /// <summary>Loads several files of the same columns.</summary>
    internal static Table Load(string[] paths, CsvOptions options) => paths is [string only] ? Load(only, options) : Open(paths, options).Load();

    /// <summary>Opens files that may be too large to load.</summary>
    internal static TableSource Open(string[] paths, CsvOptions options) => TableFiles.Open(paths, path => Open(path, options));

    private static TableSource Open(string path, CsvOptions options) => IsParquet(path) ? ParquetTable.Open(path, options) : CsvTable.Open(path, options);

    /// <summary>The same of bytes.</summary>
    /// <param name="name">What errors call them.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="options">How to read them.</param>
    internal static Table Parse(string name, byte[] content, CsvOptions options) =>
        ParquetTable.Is(content) ? ParquetTable.Read(name, new MemoryStream(content), options) : CsvTable.Parse(name, () => content, options);

    private static bool IsCalledParquet(string path) => path.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase);

    private static bool IsParquet(string path)
    {
        if (IsCalledParquet(path))
            return true;
        try
        {
            // Who opens a pipe takes of it.
            if (new FileInfo(path) is not { Exists: true, Length: > 0 })
                return false;
            using FileStream file = File.OpenRead(path);
            Span<byte> beginning = stackalloc byte[4];
            return file.CanSeek && ParquetTable.Is(beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)]);
        }
        // Who reads it as CSV says what is wrong with it.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
