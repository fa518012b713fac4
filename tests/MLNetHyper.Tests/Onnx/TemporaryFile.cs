namespace MLNetHyper.Tests.Onnx;

/// <summary>A file's name in a folder that exists as long as this.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnethyper-");

    internal string Path => System.IO.Path.Combine(_folder.FullName, "file");

    public void Dispose() => _folder.Delete(recursive: true);
}
