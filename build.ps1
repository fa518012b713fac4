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
$consumerPrints = 'diverged: False, learned: True'
$consumerMLNetPrints = 'diverged: False, learned: True, scores the same when loaded: True'
$consumerTorchPrints = 'diverged: False, learned: True'

# The messages are searched below, so they have to be English; the logo is noise in a log.
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$env:DOTNET_NOLOGO = '1'
# Some forty projects and as many samples are compiled: one compiler for all takes half the time that a new one for each does.
$env:UseSharedCompilation = 'true'
# On an older Linux TorchSharp's library loads as a patched copy only; docs/devices.md says what that is. No effect elsewhere.
$env:MLNETHYPER_TORCH_PATCHED_COPY = '1'
$quiet = '--nologo', '-v', 'q', '-tl:off'

function Show-Usage {
    @'
Usage: ./build.ps1 VERB [ARGUMENTS]

  demo     Train a model with ML.NET on a small data set, where the feeds carry ML.NET, then build the command-line tool
           and compare one-pass tuning with restarts.
  restore  Restore what the feeds of this machine can give, and say what is left out and why.
  test     Check formatting, build, run all tests. ARGUMENTS go to dotnet test, such as: --filter DenseVector
  bench    Run the benchmarks, then the tool's own speed measurement. ARGUMENTS go to BenchmarkDotNet in place of
           --filter '*'; a first argument --short measures briefly, to see whether something is grossly slower.
  docs     Build the documentation as a web site into artifacts/site, where the feeds carry docfx.
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

# Writes what a restore says to artifacts/restore-NAME.log; then says in a sentence where later versions than the pinned ones were taken.
function Restore-One([string] $target, [string] $name) {
    New-Item -ItemType Directory -Force artifacts | Out-Null
    $log = Get-Output { dotnet restore $target @quiet }
    $status = $LASTEXITCODE
    Set-Content "artifacts/restore-$name.log" $log
    if ($status -ne 0) { return $false }
    $other = @([regex]::Matches($log, 'NU1603: .* ([A-Za-z0-9_.-]+ [0-9]\S*) was resolved instead') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique)
    if ($other.Count -gt 0) { Write-Host "These feeds carry later versions than the pinned ones, which were taken: $($other -join ', ')." }
    $true
}

# Why a restore failed, in a sentence, and whether the feeds lack packages: that is no fault.
function Get-Reason([string] $name) {
    $log = "artifacts/restore-$name.log"
    $text = Get-Content $log -Raw
    $errors = @([regex]::Matches($text, '(?m)error(?: :|:)? *((?:[A-Za-z]+[0-9]+)?.*?)(?: \[[^][]*\])?\r?$') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique)
    # NU1101, NU1102, NU1103: no such package, no such version, no stable version.
    if ($errors.Count -gt 0 -and @($errors | Where-Object { $_ -notmatch '^(Warning As Error: )?NU110[123]:' }).Count -eq 0) {
        $missing = @([regex]::Matches($text, 'Unable to find (?:a stable )?package ([A-Za-z0-9_.-]*[A-Za-z0-9_-])(?: with version (\([^)]*\)))?') |
            ForEach-Object { "$($_.Groups[1].Value) $($_.Groups[2].Value)".TrimEnd() } | Sort-Object -Unique)
        return @{ Fault = $false; Why = "The package feeds of this machine do not carry: $($missing -join ', '). To have it all, add a feed that does (dotnet nuget add source) and run this again." }
    }
    if ($errors.Count -eq 0) { $errors = @($text -split '\r?\n' | Where-Object { $_.Trim() }) + 'dotnet restore failed without a word' }
    @{ Fault = $true; Why = "Restoring failed: $($errors[0].TrimEnd('.')). The whole log: $log" }
}

# Sets solutions to what can be restored here: everything, or those of the parts that can. Counts in failed what fails for another
# reason than that a feed lacks packages.
function Restore-Solutions {
    $script:failed = 0
    $script:solutions = @('MLNetHyper.sln')
    if (Restore-One MLNetHyper.sln all) { return }
    $script:solutions = @()
    # The tool, in Engine, comes after what it takes along where that can be had.
    foreach ($part in 'Mpi', 'Trainers', 'Engine', 'AutoML') {
        $solution = "MLNetHyper.$part.slnf"
        if (Restore-One $solution $part) { $script:solutions += $solution; continue }
        if ($part -eq 'Mpi') { $env:WithMpi = 'false' }
        if ($part -eq 'Trainers' -and -not (Restore-One src/MLNetHyper tool 6> $null)) { $env:WithMLNet = 'false' }
        $reason = Get-Reason $part
        if ($reason.Fault) { $script:failed++ }
        $leftOut = Get-Projects $solution | ForEach-Object { [IO.Path]::GetFileNameWithoutExtension($_) }
        Write-Host "`nLEFT OUT: $($leftOut -join ', '). $($reason.Why)"
    }
    if ($solutions.Count -eq 0) { Stop-Build 'Nothing can be built here.' }
}

# Restores the command-line tool. What it finds by its name, workers on MPI and files for ML.NET, it comes without where the feeds lack what that needs.
function Restore-Tool([string] $name) {
    if (-not (Restore-One src/MLNetHyper.Mpi $name 6> $null)) { $env:WithMpi = 'false' }
    if (-not (Restore-One src/MLNetHyper $name 6> $null)) { $env:WithMLNet = 'false' }
    Restore-One src/MLNetHyper.Cli $name
}

function Invoke-Demo {
    # The analyzers say nothing that matters here, and take a third of the time.
    $env:RunAnalyzers = 'false'
    if (-not (Restore-Tool demo)) { Stop-Build (Get-Reason demo).Why }
    if (Restore-One src/MLNetHyper demo) {
        Write-Step "dotnet run $demoSample"
        dotnet run $demoSample
        Assert-Success
    }
    else { Write-Host "`nLEFT OUT: $demoSample, which needs ML.NET. $((Get-Reason demo).Why)" }
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
    $passed = 0; $skipped = 0
    # The networks of tests and samples are small: libtorch's threads would wait for each other.
    $env:OMP_NUM_THREADS = '1'
    # Most processes of the tests, compilers among them, live for seconds: counting what is worth compiling once more costs them more than it brings.
    $env:DOTNET_TieredPGO = '0'
    Restore-Solutions
    # Tests of build.ps1 and of the notebooks need tools; where they cannot be had, those are skipped and say so.
    Get-Output { dotnet tool restore } | Set-Content artifacts/restore-tools.log
    if ($LASTEXITCODE -ne 0) { Write-Host 'The tools that some tests need could not be restored; these tests are skipped. The log: artifacts/restore-tools.log' }

    Write-Step 'Build and check the formatting'
    $built = $true
    # Of the layout the compiler checks most; what it leaves is the ends of lines and files, and the samples of one file.
    dotnet format whitespace . --folder --exclude artifacts --verify-no-changes
    $formatted = $LASTEXITCODE -eq 0
    foreach ($solution in $solutions) {
        dotnet build $solution -c Release --no-restore @quiet
        if ($LASTEXITCODE -ne 0) { $built = $false }
    }
    if (-not $formatted) {
        Write-Host 'The formatting differs from .editorconfig: run dotnet format whitespace . --folder --exclude artifacts. Counted as one failure.'
        $script:failed++
    }
    if (-not $built) {
        Write-Host 'The build failed, so no test ran. Counted as one failure.'
        $script:failed++
        Exit-WithSummary $passed $failed $skipped
    }

    if (Test-Path artifacts/test-results) { Remove-Item artifacts/test-results -Recurse -Force }
    foreach ($project in @($solutions | ForEach-Object { Get-Projects $_ } | Where-Object { $_ -match '^tests/.*Tests\.csproj$' })) {
        $name = [IO.Path]::GetFileNameWithoutExtension($project)
        Write-Step $name
        dotnet test "artifacts/bin/$name/release/$name.dll" --nologo --logger "trx;LogFileName=$name.trx" --results-directory artifacts/test-results @more
        $status = $LASTEXITCODE
        $results = "artifacts/test-results/$name.trx"
        if (-not (Test-Path $results)) {
            Write-Host "$name wrote no results (exit code $status). Counted as one failure."
            $script:failed++
            continue
        }
        $run = ([xml](Get-Content $results -Raw -Encoding UTF8)).TestRun
        # Their output stands far above the end of a long log.
        foreach ($test in $run.SelectNodes("//*[local-name() = 'UnitTestResult' and @outcome = 'Failed']")) { Write-Host "FAILED: ${name}: $($test.GetAttribute('testName'))" }
        $counters = $run.ResultSummary.Counters
        $total = [int] $counters.total; $executed = [int] $counters.executed; $good = [int] $counters.passed
        $passed += $good
        $script:failed += $executed - $good
        $skipped += $total - $executed
        # A test host that dies leaves a file in which everything that ran had passed.
        if ($status -ne 0 -and $executed -eq $good) {
            Write-Host "$name ended early (exit code $status). Counted as one failure."
            $script:failed++
        }
    }
    Exit-WithSummary $passed $failed $skipped
}

function Invoke-Bench([string[]] $more) {
    Write-Step 'Build the benchmarks and the command-line tool'
    dotnet build tests/Benchmarks -c Release @quiet
    Assert-Success
    if (-not (Restore-Tool bench)) { Stop-Build (Get-Reason bench).Why }
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

function Invoke-Docs {
    Restore-Solutions
    if ($failed -gt 0) { exit 1 }
    Get-Output { dotnet tool restore } | Set-Content artifacts/restore-tools.log
    if ($LASTEXITCODE -ne 0) { Stop-Build 'The tools of .config/dotnet-tools.json could not be restored, docfx among them. The log: artifacts/restore-tools.log' }
    Write-Step 'Build what is documented'
    foreach ($solution in $solutions) {
        dotnet build $solution -c Release --no-restore @quiet
        Assert-Success
    }
    Write-Step 'Build the site'
    dotnet docfx docfx.json --logLevel warning
    Assert-Success
    Write-Host 'site        artifacts/site/README.html; to look at it: dotnet docfx serve artifacts/site'
}

# Builds a project of the folder nuget against what was just packed, runs it and compares what it prints.
function Install-Consumer([string] $project, [string] $expected) {
    $torch = Get-Output { dotnet msbuild src/MLNetHyper.Torch -getProperty:TorchSharpVersion }
    Assert-Success
    # Its own package folder: one that has seen this version before would silently give the old one.
    dotnet build "nuget/$project" -c Release -o "$fresh/$project" @quiet "-p:MLNetHyperVersion=$version" "-p:TorchSharpVersion=$torch" "-p:RestoreAdditionalProjectSources=$packages" "-p:RestorePackagesPath=$fresh/packages" "-p:BaseIntermediateOutputPath=$fresh/obj/$project/"
    Assert-Success
    # What goes to stderr, such as libtorch's warnings, is not part of it.
    $printed = (dotnet "$fresh/$project/Consumer.dll" | Out-String).Trim()
    Write-Host $printed
    if ($LASTEXITCODE -ne 0 -or $printed -ne $expected) { Stop-Build "nuget/$project should have printed: $expected" }
}

# Compiles a project of the folder nuget to native code, where the compiler and a linker can be had, and compares what it prints.
function Install-Natively([string] $project, [string] $expected) {
    $log = Get-Output { dotnet publish "nuget/$project" -c Release --use-current-runtime -o "$fresh/native" @quiet -p:PublishAot=true -p:IlcInstructionSet=native "-p:MLNetHyperVersion=$version" "-p:RestoreAdditionalProjectSources=$packages" "-p:RestorePackagesPath=$fresh/packages" "-p:BaseIntermediateOutputPath=$fresh/obj/native/" }
    if ($LASTEXITCODE -ne 0) {
        Set-Content artifacts/native.log $log
        # NU1101 to NU1103: the feeds lack the compiler.
        if ($log -match 'NU110[123]|[Pp]latform linker') {
            Write-Host 'LEFT OUT: the feeds lack the compiler to native code, or this machine a linker. The log: artifacts/native.log'
            return
        }
        Stop-Build "$log`nnuget/$project cannot be compiled to native code."
    }
    $printed = (& "$fresh/native/Consumer" | Out-String).Trim()
    Write-Host $printed
    if ($LASTEXITCODE -ne 0 -or $printed -ne $expected) { Stop-Build "nuget/$project, compiled to native code, should have printed: $expected" }
}

function Invoke-Pack {
    $env:ComparePublished = 'true'
    Restore-Solutions
    if ($failed -gt 0) { exit 1 }
    $packages = Join-Path $PSScriptRoot 'artifacts/packages'
    $fresh = Join-Path $PSScriptRoot 'artifacts/consumer'
    $version = Get-Output { dotnet msbuild src/MLNetHyper.Engine -getProperty:Version }
    Assert-Success

    Write-Step "Pack $version into artifacts/packages"
    $packages, $fresh | Where-Object { Test-Path $_ } | ForEach-Object { Remove-Item $_ -Recurse -Force }
    # As on a build server: the packages then name no folder of this machine.
    foreach ($solution in $solutions) {
        dotnet pack $solution -c Release --no-restore -o $packages -p:ContinuousIntegrationBuild=true @quiet
        Assert-Success
    }
    Get-ChildItem $packages | ForEach-Object { Write-Host $_.Name }

    Write-Step 'Install the engine into a fresh project and run it'
    Install-Consumer consumer $consumerPrints
    Write-Step 'Compile that project to native code and run it'
    Install-Natively consumer $consumerPrints
    if (Test-Path "$packages/MLNetHyper.Torch.*") {
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
    if ($env:WithMLNet -ne 'false') {
        & "$fresh/tool/onepass" train --data samples/data/energy.csv --label y --steps 20 --model "$fresh/energy.model" > $null
        Assert-Success
        & "$fresh/tool/onepass" export --model "$fresh/energy.model" --mlnet "$fresh/energy.zip"
        Assert-Success
    }
}

$verb = if ($args.Count -gt 0) { [string] $args[0] } else { 'help' }
$rest = [string[]] @($args | Select-Object -Skip 1)
switch ($verb) {
    'demo' { Assert-Sdk; Invoke-Demo }
    'test' { Assert-Sdk; Invoke-Tests $rest }
    'restore' { Assert-Sdk; Restore-Solutions; exit [int]($failed -gt 0) }
    'bench' { Assert-Sdk; Invoke-Bench $rest }
    'docs' { Assert-Sdk; Invoke-Docs }
    'pack' { Assert-Sdk; Invoke-Pack }
    { $_ -in 'help', '--help', '-h' } { Show-Usage }
    default { Show-Usage; Stop-Build "There is no verb $verb." }
}
