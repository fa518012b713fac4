using System.Text.RegularExpressions;

namespace MLNetHyper.Samples.Tests;

/// <summary>A sample of one file run as its readers run it, and what it prints beside what its last comment promises.</summary>
internal static partial class SampleRun
{
    /// <summary>
    /// Builds what samples refer to, once and in Release, whatever configuration these tests have: so do the samples. They may then
    /// leave it alone, and run side by side.
    /// </summary>
    internal static void Build(params IEnumerable<string> projects)
    {
        foreach (string project in projects)
            Dotnet.Run("build", project, "-c", "Release", "--nologo", "-v", "q", "-tl:off", "-nodeReuse:false");
    }

    internal static void Check(string name)
    {
        string output = Dotnet.Run("run", "-p:BuildProjectReferences=false", $"samples/{name}.cs");
        SampleFile sample = SampleFile.Read(name);
        if (Acceptance.IsOn)
        {
            sample = sample with { Expected = output };
            sample.Write();
            Notebook.Of(sample).Write();
            return;
        }
        if (Form(output) != Form(sample.Expected))
            Assert.Fail($"""
                samples/{name}.cs does not print what its last comment says. Set the environment variable {Acceptance.Variable}=1, run this test again and commit the files. It printed:
                {output}
                """);
    }

    /// <summary>
    /// Digits differ between processors, and with them widths of columns, the number of lines about progress and whether training ends by itself.
    /// </summary>
    internal static string Form(string text)
    {
        string last = "";
        return string.Join('\n', Number().Replace(text, "#").Replace("StoppedEarly", "Completed", StringComparison.Ordinal).Split('\n').Select(line => Spaces().Replace(line, " ").Trim()).Where(line => line != last && (last = line) is not null));
    }

    [GeneratedRegex(@"-?\b\d[\d,.]*(e[-+]?\d+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
