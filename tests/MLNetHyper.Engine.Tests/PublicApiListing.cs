using System.Reflection;

namespace MLNetHyper.Engine.Tests;

/// <summary>What a package promises: a checked-in listing, so that every change of the public surface is seen in a diff.</summary>
public abstract class PublicApiListing(Assembly assembly)
{
    private const string Accept = "MLNETHYPER_ACCEPT";

    private readonly string _name = assembly.GetName().Name!;

    [TestMethod]
    public void The_listing_in_docs_is_the_assembly()
    {
        string path = Repository.PathTo("docs", "api", _name + ".txt");
        string actual = PublicApi.List(assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (expected == actual)
            return;
        string[] old = expected.Split('\n'), now = actual.Split('\n');
        Assert.Fail($"""
            The public surface of {_name} is not the one in docs/api/{_name}.txt.
            If the change is meant, set the environment variable {Accept}=1, run this test again and commit the file.
            {string.Join('\n', old.Except(now).Select(line => "- " + line.Trim()))}
            {string.Join('\n', now.Except(old).Select(line => "+ " + line.Trim()))}
            """);
    }

    [TestMethod]
    public void Every_public_type_is_sealed_or_abstract()
    {
        // Static classes are both to the runtime, value types and enumerations sealed, interfaces abstract.
        string[] open = [.. assembly.GetExportedTypes().Where(t => !t.IsSealed && !t.IsAbstract).Select(t => t.FullName!)];
        Assert.AreEqual(0, open.Length, "Make these sealed, or abstract if they are meant to be derived from: " + string.Join(", ", open));
    }
}
