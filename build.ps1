# Builds, tests, measures and packs. build.sh has the same verbs; change both together.
# No param block: PowerShell would take arguments such as --filter for its own.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

# What the verbs run of the samples and of the command-line tool.
$demoSample = 'samples/Regression.cs'
$demoArguments = 'compare', '--data', 'samples/data/energy.csv', '--label', 'y', '--quick', '--report', 'artifacts/demo/energy.html'
$speedArguments = @('speed')

# What the packages print where they are installed; Program.cs in nuget/consumer and its siblings has the other half.
$consumerPrints = 'Completed, learned: True'
$consumerMLNetPrints = 'Completed, learned: True, scores the same when loaded: True'
$consumerTorchPrints = 'Completed, learned: True'

# The messages are searched below, so they have to be English; the logo is noise in a log.
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$env:DOTNET_NOLOGO = '1'
$quiet = '--nologo', '-v', 'q', '-tl:off'

function Show-Usage {
    @'
Usage: ./build.ps1 VERB [ARGUMENTS]

  demo     Train a model with ML.NET on a small data set, where the feeds carry ML.NET, then build the command-line tool
           and compare one-pass tuning with restarts.
  test     Check formatting, build, run all tests. ARGUMENTS go to dotnet test, such as: --filter DenseVector
  bench    Run the benchmarks, then the tool's own speed measurement. ARGUMENTS go to BenchmarkDotNet in place of
           --filter '*'; a first argument --short measures briefly, to see whether something is grossly slower.
  pack     Pack into artifacts/packages, install the packages from there into a fresh project and run them.
  help     Print this.

Everything is built in Release and written under artifacts/.
'@ | Write-Host
}

function Stop-Build([string] $message, [int] $code = 1) {
    Write-Host $message
    exit $code
}

function Write-Step([string] $what) { Write-Host "`n== $what" }

# A native command that fails does not stop a script by itself.
function Assert-Success { if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE } }

# What a native command writes to stderr must not end the script before its exit code is seen (Windows PowerShell does that).
function Get-Output([scriptblock] $command) {
    $ErrorActionPreference = 'Continue'
    (& $command 2>&1 | Out-String).Trim()
}

function Assert-Sdk {
    $wanted = (Get-Content global.json -Raw | ConvertFrom-Json).sdk.version
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-Build "The command dotnet was not found. Install the .NET SDK $wanted or a later 10.0 one (https://dot.net), make sure that dotnet is on the PATH, and run this again."
    }
    Get-Output { dotnet --version } | Out-Null
    if ($LASTEXITCODE -ne 0) {
        $installed = (Get-Output { dotnet --list-sdks }) -replace ' \[[^\]]*\]', '' -split '\r?\n' -join ' '
        Stop-Build "No installed .NET SDK fits global.json, which asks for $wanted or a later 10.0 one. Install it (https://dot.net) and run this again. Installed: $installed."
    }
}

# The project files that a solution or solution filter names, sorted.
function Get-Projects([string] $path) {
    [regex]::Matches((Get-Content $path -Raw), '[A-Za-z0-9_.\\/]+\.[cf]sproj') |
        ForEach-Object { $_.Value -replace '\\+', '/' } | Sort-Object -Unique
}

# Gives what can be restored here: everything, or the part that needs neither Microsoft.ML nor TorchSharp.
function Restore-Solution {
    $all = 'MLNetHyper.sln'
    $log = Get-Output { dotnet restore $all @quiet }
    if ($LASTEXITCODE -eq 0) { return $all }
    $errors = @([regex]::Matches($log, 'error ([A-Za-z]+[0-9]*)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique)
    if ($errors.Count -eq 0 -or @($errors | Where-Object { $_ -notmatch '^NU110[123]$' }).Count -gt 0) { Stop-Build $log }
    # NU1101, NU1102, NU1103: no such package, no such version, no stable version.
    $missing = [regex]::Matches($log, 'NU110[123]: Unable to find (?:a stable )?package ([A-Za-z0-9_.-]+)') |
        ForEach-Object { $_.Groups[1].Value.TrimEnd('.') } | Sort-Object -Unique
    $part = 'MLNetHyper.Engine.slnf'
    $kept = @(Get-Projects $part)
    $leftOut = Get-Projects $all | Where-Object { $kept -notcontains $_ } | ForEach-Object { [IO.Path]::GetFileNameWithoutExtension($_) }
    dotnet restore $part @quiet | Out-Host
    if ($LASTEXITCODE -ne 0) { Stop-Build "Even $part, the part that needs neither Microsoft.ML nor TorchSharp, could not be restored." }
    Write-Host "`nLEFT OUT: $($leftOut -join ', '). The package feeds of this machine do not carry: $($missing -join ', '). What follows covers $part, the part that does not need them. To build and test everything, add a feed that carries Microsoft.ML, Microsoft.ML.AutoML and TorchSharp (dotnet nuget add source) and run this again."
    $part
}

function Invoke-Demo {
    $solution = Restore-Solution
    if ($solution -eq 'MLNetHyper.sln') {
        Write-Step "dotnet run $demoSample"
        dotnet run $demoSample
        Assert-Success
    }
    Write-Step 'Build the command-line tool'
    dotnet build src/MLNetHyper.Cli -c Release @quiet
    Assert-Success
    Write-Step "onepass $demoArguments"
    New-Item -ItemType Directory -Force artifacts/demo | Out-Null
    dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll @demoArguments
    Assert-Success
}

function Exit-WithSummary([int] $passed, [int] $failed, [int] $skipped) {
    $tail = if ($skipped -gt 0) { ", $skipped skipped" } else { '' }
    Write-Host "`n$passed passed, $failed failed$tail"
    exit [int]($failed -gt 0)
}

function Invoke-Tests([string[]] $more) {
    $passed = 0; $failed = 0; $skipped = 0
    $solution = Restore-Solution

    Write-Step 'Build and check the formatting'
    dotnet format $solution --no-restore --verify-no-changes
    if ($LASTEXITCODE -ne 0) {
        Write-Host "The formatting differs from .editorconfig: run dotnet format $solution. Counted as one failure."
        $failed++
    }
    dotnet build $solution -c Release --no-restore @quiet
    if ($LASTEXITCODE -ne 0) {
        Write-Host 'The build failed, so no test ran. Counted as one failure.'
        $failed++
        Exit-WithSummary $passed $failed $skipped
    }

    if (Test-Path artifacts/test-results) { Remove-Item artifacts/test-results -Recurse -Force }
    foreach ($project in @(Get-Projects $solution | Where-Object { $_ -match '^tests/.*\.Tests\.csproj$' })) {
        $name = [IO.Path]::GetFileNameWithoutExtension($project)
        Write-Step $name
        dotnet test "artifacts/bin/$name/release/$name.dll" --nologo --logger "trx;LogFileName=$name.trx" --results-directory artifacts/test-results @more
        $status = $LASTEXITCODE
        $results = "artifacts/test-results/$name.trx"
        if (-not (Test-Path $results)) {
            Write-Host "$name wrote no results (exit code $status). Counted as one failure."
            $failed++
            continue
        }
        $counters = ([xml](Get-Content $results -Raw -Encoding UTF8)).TestRun.ResultSummary.Counters
        $total = [int] $counters.total; $executed = [int] $counters.executed; $good = [int] $counters.passed
        $passed += $good
        $failed += $executed - $good
        $skipped += $total - $executed
        # A test host that dies leaves a file in which everything that ran had passed.
        if ($status -ne 0 -and $executed -eq $good) {
            Write-Host "$name ended early (exit code $status). Counted as one failure."
            $failed++
        }
    }
    Exit-WithSummary $passed $failed $skipped
}

function Invoke-Bench([string[]] $more) {
    Write-Step 'Build the benchmarks and the command-line tool'
    dotnet build tests/Benchmarks -c Release @quiet
    Assert-Success
    dotnet build src/MLNetHyper.Cli -c Release @quiet
    Assert-Success
    Write-Step 'Benchmarks'
    if ($more.Count -eq 0) { $more = '--filter', '*' }
    elseif ($more.Count -eq 1 -and $more[0] -eq '--short') { $more = '--short', '--filter', '*' }
    dotnet artifacts/bin/Benchmarks/release/Benchmarks.dll @more
    Assert-Success
    Write-Step "onepass $speedArguments"
    dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll @speedArguments
    Assert-Success
}

# Builds a project of the folder nuget against what was just packed, runs it and compares what it prints.
function Install-Consumer([string] $project, [string] $expected) {
    $torch = [regex]::Match((Get-Content Directory.Packages.props -Raw), '"TorchSharp-cpu" Version="([^"]+)"').Groups[1].Value
    # Its own package folder: one that has seen this version before would silently give the old one.
    dotnet build "nuget/$project" -c Release -o "$fresh/$project" @quiet "-p:MLNetHyperVersion=$version" "-p:TorchSharpVersion=$torch" "-p:RestoreAdditionalProjectSources=$packages" "-p:RestorePackagesPath=$fresh/packages" "-p:BaseIntermediateOutputPath=$fresh/obj/$project/"
    Assert-Success
    # What goes to stderr, such as libtorch's warnings, is not part of it.
    $printed = (dotnet "$fresh/$project/Consumer.dll" | Out-String).Trim()
    Write-Host $printed
    if ($LASTEXITCODE -ne 0 -or $printed -ne $expected) { Stop-Build "nuget/$project should have printed: $expected" }
}

function Invoke-Pack {
    $solution = Restore-Solution
    $packages = Join-Path $PSScriptRoot 'artifacts/packages'
    $fresh = Join-Path $PSScriptRoot 'artifacts/consumer'
    $version = Get-Output { dotnet msbuild src/MLNetHyper.Engine -getProperty:Version }
    Assert-Success

    Write-Step "Pack $version into artifacts/packages"
    $packages, $fresh | Where-Object { Test-Path $_ } | ForEach-Object { Remove-Item $_ -Recurse -Force }
    # As on a build server: the packages then name no folder of this machine.
    dotnet pack $solution -c Release --no-restore -o $packages -p:ContinuousIntegrationBuild=true @quiet
    Assert-Success
    Get-ChildItem $packages | ForEach-Object { Write-Host $_.Name }

    Write-Step 'Install the engine into a fresh project and run it'
    Install-Consumer consumer $consumerPrints
    if ($solution -eq 'MLNetHyper.sln') {
        Write-Step 'Install the ML.NET trainers into a fresh project and run it'
        Install-Consumer consumer-mlnet $consumerMLNetPrints
        Write-Step 'Install the modules and libtorch into a fresh project and run it'
        Install-Consumer consumer-torch $consumerTorchPrints
    }

    Write-Step 'Install the tool and run it'
    $before = $env:NUGET_PACKAGES
    $env:NUGET_PACKAGES = "$fresh/packages"
    try { dotnet tool install MLNetHyper.Cli --version $version --tool-path "$fresh/tool" --source $packages }
    finally { $env:NUGET_PACKAGES = $before }
    Assert-Success
    $printed = Get-Output { & "$fresh/tool/onepass" --version }
    Write-Host "onepass $printed"
    # Behind the version may stand + and the commit.
    if ($LASTEXITCODE -ne 0 -or -not $printed.StartsWith($version)) { Stop-Build "onepass --version should have printed $version." }
}

$verb = if ($args.Count -gt 0) { [string] $args[0] } else { 'help' }
$rest = [string[]] @($args | Select-Object -Skip 1)
switch ($verb) {
    'demo' { Assert-Sdk; Invoke-Demo }
    'test' { Assert-Sdk; Invoke-Tests $rest }
    'bench' { Assert-Sdk; Invoke-Bench $rest }
    'pack' { Assert-Sdk; Invoke-Pack }
    { $_ -in 'help', '--help', '-h' } { Show-Usage }
    default { Show-Usage; Stop-Build "There is no verb $verb." }
}
