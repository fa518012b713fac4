using System.Globalization;
using MLNetHyper.Engine;
using MLNetHyper.Search;

namespace MLNetHyper.Measurements;

/// <summary>A suite with contestants of other packages: FOLDER [DIVISIONS [CONTESTANTS]] [--json].</summary>
internal static class SuiteProgram
{
    internal static int Write(string program, SuiteContestant[] others, string[] arguments)
    {
        string[] values = [.. arguments.Where(argument => !argument.StartsWith('-'))];
        string folder = values[0];
        string[] names = values.Length > 2 ? values[2].Split(',') : ["one-pass", "untuned", .. others.Select(t => t.Name)];
        SuiteContestant[] known = [.. SuiteContestant.All, .. others];
        (string, Table)[] tables = [.. Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal).Select(file => (Path.GetFileNameWithoutExtension(file), CsvTable.Load(file)))];
        var options = new SuiteOptions { Contestants = [.. names.Select(name => known.Single(c => c.Name == name))], Divisions = values.Length > 1 ? int.Parse(values[1], CultureInfo.InvariantCulture) : 5 };
        SuiteResult result = Suite.Run(tables, options, new Lines());
        Console.Write(arguments.Contains("--json") ? result.ToJson() : result.ToMarkdown($"dotnet run --project tests/{program} -c Release -- suite {string.Join(' ', arguments)}"));
        return 0;
    }

    private sealed class Lines : IProgress<SuiteEntry>
    {
        public void Report(SuiteEntry value) => Console.Error.WriteLine($"{value.Table} {value.Division} {value.Contestant} {value.TestError:G4} {value.Seconds:F2} s");
    }
}
