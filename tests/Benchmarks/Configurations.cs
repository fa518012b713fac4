using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Benchmarks;

/// <summary>The two ways in which every benchmark of this project is run.</summary>
internal static class Configurations
{
    /// <summary>A few iterations inside this process: says within seconds whether something is grossly slower or allocates.</summary>
    public static IConfig Short => With(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance), "Short");

    /// <summary>BenchmarkDotNet's defaults, a process per benchmark: for figures that are written down.</summary>
    public static IConfig Standard => With(Job.Default, "Standard");

    private static ManualConfig With(Job job, string name) => ManualConfig.CreateEmpty()
        .AddJob(job.WithId(name))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"))
        .WithSummaryStyle(SummaryStyle.Default.WithCultureInfo(CultureInfo.InvariantCulture));
}
