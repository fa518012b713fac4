using System.Globalization;
using BenchmarkDotNet.Running;

namespace Benchmarks;

/// <summary>Runs benchmarks by BenchmarkDotNet's own arguments; <c>--short</c> before them picks the quick configuration.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // The tables are committed beside each other: a decimal comma would make every row a difference.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        bool quick = args is ["--short", ..];
        string[] rest = quick ? args[1..] : args;
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(rest, quick ? Configurations.Short : Configurations.Standard);
        // Nothing ran, or a benchmark failed: a script must not take that for a measurement.
        bool asked = rest.Contains("--list") || rest.Contains("--help");
        return asked || (summaries.Any() && summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success))) ? 0 : 1;
    }
}
