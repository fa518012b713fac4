using System.IO.Compression;

namespace MLNetHyper.Experiments;

/// <summary>The files of a public data set, as their users download them: what is looked for, and what is said where it is not found.</summary>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Names">Which files there are, as a phrase.</param>
/// <param name="Home">Where they are published, as a phrase.</param>
internal sealed record PublishedFiles(string Dataset, string Names, string Home)
{
    /// <summary>What a folder must hold, as a sentence.</summary>
    internal string Needed => $"{Dataset} needs {Names}, in one folder; they are published by {Home}.";

    /// <summary>The first of several places in a folder where there is a file.</summary>
    /// <param name="folder">The folder as the caller gave it.</param>
    /// <param name="places">Paths within the folder, the preferred one first.</param>
    /// <exception cref="DataFormatException">There is no such folder, or none of the files.</exception>
    internal string Find(string folder, params string[] places)
    {
        if (!Directory.Exists(folder))
            throw new DataFormatException($"there is no such folder. {Needed}", folder);
        return places.Select(place => Path.Combine(folder, place)).FirstOrDefault(File.Exists)
            ?? throw new DataFormatException($"the folder has no file {string.Join(" or ", places)}. {Needed}", folder);
    }

    /// <summary>A file's content, decompressed if its name ends in .gz.</summary>
    /// <param name="file">The file's path.</param>
    /// <exception cref="DataFormatException">It cannot be read, or what is compressed is damaged.</exception>
    internal byte[] Read(string file)
    {
        try
        {
            if (!file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                return File.ReadAllBytes(file);
            using FileStream compressed = File.OpenRead(file);
            using GZipStream content = new(compressed, CompressionMode.Decompress);
            using MemoryStream bytes = new();
            content.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw Damaged("the compressed data are damaged or cut off", file, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"the file cannot be read: {exception.Message} Check that it may be read and is not open elsewhere.", file, innerException: exception);
        }
    }

    /// <summary>What to say of a file that is not as published.</summary>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="file">The file's path.</param>
    /// <param name="cause">What the error followed from, or null.</param>
    internal DataFormatException Damaged(string problem, string file, Exception? cause = null) =>
        new($"{problem}. Download the file again. {Needed}", file, innerException: cause);
}
