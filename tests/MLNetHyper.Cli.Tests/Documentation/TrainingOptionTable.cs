namespace MLNetHyper.Cli.Tests;

/// <summary>The options of training as they are called in code and at the command line.</summary>
internal static class TrainingOptionTable
{
    internal static string Write() => "| Property | Flag | Meaning | Must be | Default | A checkpoint belongs to it |\n|---|---|---|---|---|---|\n" + string.Concat(TrainingOptions.All.Select(option =>
        $"| {(option.PartOf is null ? "" : $"{option.PartOf}: ")}`{option.Name}` | `{option.Flag}` | {option.Meaning} | {option.Range} | {option.Default} | {(option.ChangesRun ? "yes" : "no")} |\n"));
}
