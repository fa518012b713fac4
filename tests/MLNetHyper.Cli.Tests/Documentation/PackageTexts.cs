namespace MLNetHyper.Cli.Tests;

/// <summary>What the documentation says of versions, read from where they are pinned.</summary>
internal static class PackageTexts
{
    internal static string Versions() =>
        $"They need .NET 10 and fit Microsoft.ML {PackageVersions.RangeOf("Microsoft.ML")}, Microsoft.ML.AutoML {PackageVersions.RangeOf("Microsoft.ML.AutoML")}, and TorchSharp {PackageVersions.RangeOf("TorchSharp")} (libtorch {PackageVersions.Property("LibtorchVersion")}); the tests run with the first of each.\n";

    internal static string TorchPackages() => $"""
        | You want | Packages in the application |
        |---|---|
        | the CPU | `MLNetHyper` |
        | an NVIDIA GPU on Linux | `MLNetHyper`, `MLNetHyper.Torch`, `TorchSharp-cuda-linux` {PackageVersions.Of("TorchSharp-cuda-linux")} |
        | an NVIDIA GPU on Windows | `MLNetHyper`, `MLNetHyper.Torch`, `TorchSharp-cuda-windows` {PackageVersions.Of("TorchSharp-cuda-windows")} |
        | [TorchSharp modules](torch.md) on the CPU | `MLNetHyper.Torch`, `TorchSharp-cpu` {PackageVersions.Of("TorchSharp-cpu")} |

        They hold libtorch {PackageVersions.Property("LibtorchVersion")}.

        """;

    internal static string TorchInstall() => $"""
        dotnet add package MLNetHyper.Torch
        dotnet add package TorchSharp-cuda-linux --version {PackageVersions.Of("TorchSharp-cuda-linux")}     # NVIDIA GPUs on Linux
        dotnet add package TorchSharp-cuda-windows --version {PackageVersions.Of("TorchSharp-cuda-windows")}   # NVIDIA GPUs on Windows
        dotnet add package TorchSharp-cpu --version {PackageVersions.Of("TorchSharp-cpu")}            # no GPU: for trying things out
        """;
}
