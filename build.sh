#!/usr/bin/env bash
# Builds, tests, measures and packs. build.ps1 has the same verbs; change both together.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# What the verbs run of the samples and of the command-line tool.
demo_sample=samples/Regression.cs
demo_arguments=(compare --data samples/data/energy.csv --label y --quick --report artifacts/demo/energy.html)
speed_arguments=(speed)

# What the packages print where they are installed; Program.cs in nuget/consumer and its siblings has the other half.
consumer_prints='diverged: False, learned: True'
consumer_mlnet_prints='diverged: False, learned: True, scores the same when loaded: True'
consumer_torch_prints='diverged: False, learned: True'

# The messages are searched below, so they have to be English; the logo is noise in a log.
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1
# Some forty projects and as many samples are compiled: one compiler for all takes half the time that a new one for each does.
export UseSharedCompilation=true
# On an older Linux TorchSharp's library loads as a patched copy only; docs/devices.md says what that is. No effect elsewhere.
export MLNETHYPER_TORCH_PATCHED_COPY=1
quiet=(--nologo -v q -tl:off)

usage() {
  cat <<'TEXT'
Usage: ./build.sh VERB [ARGUMENTS]

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
TEXT
}

fail() { printf '%s\n' "$*" >&2; exit 1; }

step() { printf '\n== %s\n' "$*"; }

require_sdk() {
  local wanted
  wanted=$(sed -nE 's/.*"version": *"([^"]+)".*/\1/p' global.json)
  command -v dotnet > /dev/null ||
    fail "The command dotnet was not found. Install the .NET SDK $wanted or a later 10.0 one (https://dot.net), make sure that dotnet is on the PATH, and run this again."
  dotnet --version > /dev/null 2>&1 ||
    fail "No installed .NET SDK fits global.json, which asks for $wanted or a later 10.0 one. Install it (https://dot.net) and run this again. Installed: $(dotnet --list-sdks 2> /dev/null | sed 's/ .*//' | paste -sd ' ' - || true)."
}

# The project files that a solution or solution filter names, sorted.
projects_of() { grep -oE '[A-Za-z0-9_.\\/]+\.[cf]sproj' "$1" | tr -s '\\' '/' | LC_ALL=C sort -u; }

# Writes what a restore says to artifacts/restore-NAME.log; then says in a sentence where later versions than the pinned ones were taken.
restore_of() {
  local target=$1 log=artifacts/restore-$2.log
  mkdir -p artifacts
  dotnet restore "$target" "${quiet[@]}" > "$log" 2>&1 || return 1
  local other
  other=$(grep -oE 'NU1603: .*' "$log" | grep -oE '[A-Za-z0-9_.-]+ [0-9][^ ]* was resolved instead' | sed 's/ was resolved instead//' | LC_ALL=C sort -u | paste -sd , - | sed 's/,/, /g' || true)
  if [[ -n $other ]]; then printf 'These feeds carry later versions than the pinned ones, which were taken: %s.\n' "$other"; fi
}

# Why a restore failed, in a sentence. Succeeds where the feeds lack packages: that is no fault.
why_not_restored() {
  local log=artifacts/restore-$1.log errors missing
  errors=$(grep -oE 'error( :|) ?([A-Za-z]+[0-9]+)?.*' "$log" | sed -E 's/ \[[^][]*\]$//; s/^error *:? *//' | LC_ALL=C sort -u || true)
  # NU1101, NU1102, NU1103: no such package, no such version, no stable version.
  if [[ -n $errors ]] && ! grep -qvE '^(Warning As Error: )?NU110[123]:' <<< "$errors"; then
    missing=$(sed -nE 's/.*Unable to find (a stable )?package ([A-Za-z0-9_.-]*[A-Za-z0-9_-])( with version (\([^)]*\)))?.*/\2 \4/p' <<< "$errors" | sed 's/ $//' | LC_ALL=C sort -u | paste -sd , - | sed 's/,/, /g')
    printf 'The package feeds of this machine do not carry: %s. To have it all, add a feed that does (dotnet nuget add source) and run this again.' "$missing"
    return 0
  fi
  [[ -n $errors ]] || errors=$(grep -v '^[[:space:]]*$' "$log" || printf 'dotnet restore failed without a word')
  errors=$(head -n 1 <<< "$errors")
  printf 'Restoring failed: %s. The whole log: %s' "${errors%.}" "$log"
  return 1
}

# Sets solutions to what can be restored here: everything, or those of the parts that can. Counts in failed what fails for another
# reason than that a feed lacks packages.
restore() {
  solutions=() failed=0
  if restore_of MLNetHyper.sln all; then
    solutions=(MLNetHyper.sln)
    return
  fi
  local part solution left_out why
  # The tool, in Engine, comes after what it takes along where that can be had.
  for part in Mpi Trainers Engine AutoML; do
    solution=MLNetHyper.$part.slnf
    if restore_of "$solution" "$part"; then
      solutions+=("$solution")
      continue
    fi
    case $part in
      Mpi) export WithMpi=false ;;
      Trainers) restore_of src/MLNetHyper tool > /dev/null || export WithMLNet=false ;;
    esac
    why=$(why_not_restored "$part") || failed=$(( failed + 1 ))
    left_out=$(projects_of "$solution" | sed 's/.*\///; s/\.[cf]sproj$//' | paste -sd , - | sed 's/,/, /g')
    printf '\nLEFT OUT: %s. %s\n' "$left_out" "$why"
  done
  if (( ${#solutions[@]} == 0 )); then fail 'Nothing can be built here.'; fi
}

# Restores the command-line tool. What it finds by its name, workers on MPI and files for ML.NET, it comes without where the feeds lack what that needs.
restore_tool() {
  restore_of src/MLNetHyper.Mpi "$1" > /dev/null || export WithMpi=false
  restore_of src/MLNetHyper "$1" > /dev/null || export WithMLNet=false
  restore_of src/MLNetHyper.Cli "$1"
}

demo() {
  # The analyzers say nothing that matters here, and take a third of the time.
  export RunAnalyzers=false
  restore_tool demo || fail "$(why_not_restored demo)"
  if restore_of src/MLNetHyper demo; then
    step "dotnet run $demo_sample"
    dotnet run "$demo_sample"
  else
    printf '\nLEFT OUT: %s, which needs ML.NET. %s\n' "$demo_sample" "$(why_not_restored demo)"
  fi
  step 'Build the command-line tool'
  dotnet build src/MLNetHyper.Cli -c Release "${quiet[@]}"
  step "onepass ${demo_arguments[*]}"
  mkdir -p artifacts/demo
  dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll "${demo_arguments[@]}"
}

# An attribute of the Counters element of a results file; 0 where there is none.
counter() { local value; value=$(sed -nE "s/.*<Counters [^>]*\\b$2=\"([0-9]+)\".*/\\1/p" "$1" | head -n 1); printf '%s' "${value:-0}"; }

# The tests of a results file that failed, a line each: their output stands far above the end of a long log.
failed_tests() { grep -oE '<UnitTestResult [^>]*' "$1" | grep 'outcome="Failed"' | sed -E 's/.*testName="([^"]*)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' || true; }

summarize() {
  printf '\n%d passed, %d failed' "$passed" "$failed"
  if (( skipped > 0 )); then printf ', %d skipped' "$skipped"; fi
  printf '\n'
  exit $(( failed > 0 ))
}

# Runs the tests of one built project, prints what they printed, and leaves the exit code beside the results.
test_project() {
  local name=$1 log=artifacts/test-results/$1.log status=0
  shift
  dotnet test "artifacts/bin/$name/release/$name.dll" --nologo \
    --logger "trx;LogFileName=$name.trx" --results-directory artifacts/test-results "$@" > "$log" 2>&1 || status=$?
  printf '%d' "$status" > "artifacts/test-results/$name.status"
  step "$name"
  cat "$log"
}

run_tests() {
  passed=0 skipped=0
  # The networks of tests and samples are small: libtorch's threads would wait for each other.
  export OMP_NUM_THREADS=1
  # Most processes of the tests, compilers among them, live for seconds: counting what is worth compiling once more costs them more than it brings.
  export DOTNET_TieredPGO=0
  restore
  # Tests of build.ps1 and of the notebooks need tools; where they cannot be had, those are skipped and say so.
  dotnet tool restore > artifacts/restore-tools.log 2>&1 || printf 'The tools that some tests need could not be restored; these tests are skipped. The log: artifacts/restore-tools.log\n'

  # What runs in the background hears no Ctrl-C, and a build that did ends as if it had failed.
  trap 'trap - TERM; kill 0' INT
  step 'Build and check the formatting'
  # Of the layout the compiler checks most; what it leaves is the ends of lines and files, and the samples of one file.
  dotnet format whitespace . --folder --exclude artifacts --verify-no-changes > artifacts/format.log 2>&1 &
  local formatter=$! built=0 formatted=0 solution
  for solution in "${solutions[@]}"; do
    dotnet build "$solution" -c Release --no-restore "${quiet[@]}" || built=$?
  done
  wait "$formatter" || formatted=$?
  if (( formatted != 0 )); then
    cat artifacts/format.log
    printf 'The formatting differs from .editorconfig: run dotnet format whitespace . --folder --exclude artifacts. Counted as one failure.\n'
    failed=$(( failed + 1 ))
  fi
  if (( built != 0 )); then
    printf 'The build failed, so no test ran. Counted as one failure.\n'
    failed=$(( failed + 1 ))
    summarize
  fi

  # Two projects at a time: most of their tests keep one processor busy. What each printed appears as it ends.
  local project name results status total executed good names=()
  rm -rf artifacts/test-results
  mkdir -p artifacts/test-results
  for project in $(for solution in "${solutions[@]}"; do projects_of "$solution"; done | grep -E '^tests/.*Tests\.csproj$'); do
    names+=("$(basename "$project" .csproj)")
    while (( $(jobs -rp | wc -l) >= 2 )); do sleep 0.5; done
    test_project "${names[${#names[@]} - 1]}" "$@" &
  done
  wait
  trap - INT

  for name in "${names[@]}"; do
    results=artifacts/test-results/$name.trx status=$(cat "artifacts/test-results/$name.status")
    if [[ ! -f $results ]]; then
      printf '%s wrote no results (exit code %d). Counted as one failure.\n' "$name" "$status"
      failed=$(( failed + 1 ))
      continue
    fi
    total=$(counter "$results" total) executed=$(counter "$results" executed) good=$(counter "$results" passed)
    passed=$(( passed + good ))
    failed=$(( failed + executed - good ))
    skipped=$(( skipped + total - executed ))
    failed_tests "$results" | sed "s/^/FAILED: $name: /"
    # A test host that dies leaves a file in which everything that ran had passed.
    if (( status != 0 && executed == good )); then
      printf '%s ended early (exit code %d). Counted as one failure.\n' "$name" "$status"
      failed=$(( failed + 1 ))
    fi
  done
  summarize
}

bench() {
  step 'Build the benchmarks and the command-line tool'
  dotnet build tests/Benchmarks -c Release "${quiet[@]}"
  restore_tool bench || fail "$(why_not_restored bench)"
  dotnet build src/MLNetHyper.Cli -c Release "${quiet[@]}"
  step 'Benchmarks'
  if (( $# == 0 )); then set -- --filter '*'; fi
  if [[ $* == --short ]]; then set -- --short --filter '*'; fi
  dotnet artifacts/bin/Benchmarks/release/Benchmarks.dll "$@"
  step "onepass ${speed_arguments[*]}"
  dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll "${speed_arguments[@]}"
}

docs() {
  restore
  if (( failed > 0 )); then exit 1; fi
  dotnet tool restore > artifacts/restore-tools.log 2>&1 || fail 'The tools of .config/dotnet-tools.json could not be restored, docfx among them. The log: artifacts/restore-tools.log'
  step 'Build what is documented'
  local solution
  for solution in "${solutions[@]}"; do
    dotnet build "$solution" -c Release --no-restore "${quiet[@]}"
  done
  step 'Build the site'
  dotnet docfx docfx.json --logLevel warning
  printf 'site        artifacts/site/README.html; to look at it: dotnet docfx serve artifacts/site\n'
}

# Builds a project of the folder nuget against what was just packed, runs it and compares what it prints.
consume() {
  local project=$1 expected=$2 torch printed
  torch=$(dotnet msbuild src/MLNetHyper.Torch -getProperty:TorchSharpVersion)
  # Its own package folder: one that has seen this version before would silently give the old one.
  dotnet build "nuget/$project" -c Release -o "$fresh/$project" "${quiet[@]}" \
    -p:MLNetHyperVersion="$version" -p:TorchSharpVersion="$torch" -p:RestoreAdditionalProjectSources="$packages" \
    -p:RestorePackagesPath="$fresh/packages" -p:BaseIntermediateOutputPath="$fresh/obj/$project/"
  printed=$(dotnet "$fresh/$project/Consumer.dll")
  printf '%s\n' "$printed"
  [[ $printed == "$expected" ]] || fail "nuget/$project should have printed: $expected"
}

# Compiles a project of the folder nuget to native code, where the compiler and a linker can be had, and compares what it prints.
compile_natively() {
  local project=$1 expected=$2 log=artifacts/native.log printed
  if ! dotnet publish "nuget/$project" -c Release --use-current-runtime -o "$fresh/native" "${quiet[@]}" -p:PublishAot=true -p:IlcInstructionSet=native \
    -p:MLNetHyperVersion="$version" -p:RestoreAdditionalProjectSources="$packages" -p:RestorePackagesPath="$fresh/packages" \
    -p:BaseIntermediateOutputPath="$fresh/obj/native/" > "$log" 2>&1; then
    # NU1101 to NU1103: the feeds lack the compiler.
    if grep -qE 'NU110[123]|[Pp]latform linker' "$log"; then
      printf 'LEFT OUT: the feeds lack the compiler to native code, or this machine a linker. The log: %s\n' "$log"
      return
    fi
    cat "$log"
    fail "nuget/$project cannot be compiled to native code."
  fi
  printed=$("$fresh/native/Consumer")
  printf '%s\n' "$printed"
  [[ $printed == "$expected" ]] || fail "nuget/$project, compiled to native code, should have printed: $expected"
}

pack() {
  export ComparePublished=true
  restore
  if (( failed > 0 )); then exit 1; fi
  local packages=$PWD/artifacts/packages fresh=$PWD/artifacts/consumer version printed solution
  version=$(dotnet msbuild src/MLNetHyper.Engine -getProperty:Version)

  step "Pack $version into artifacts/packages"
  rm -rf "$packages" "$fresh"
  # As on a build server: the packages then name no folder of this machine.
  for solution in "${solutions[@]}"; do
    dotnet pack "$solution" -c Release --no-restore -o "$packages" -p:ContinuousIntegrationBuild=true "${quiet[@]}"
  done
  ls "$packages"

  step 'Install the engine into a fresh project and run it'
  consume consumer "$consumer_prints"
  step 'Compile that project to native code and run it'
  compile_natively consumer "$consumer_prints"

  if compgen -G "$packages/MLNetHyper.Torch.*" > /dev/null; then
    step 'Install the ML.NET trainers into a fresh project and run it'
    consume consumer-mlnet "$consumer_mlnet_prints"
    step 'Install the modules and libtorch into a fresh project and run it'
    consume consumer-torch "$consumer_torch_prints"
  fi

  step 'Install the tool and run it'
  NUGET_PACKAGES=$fresh/packages dotnet tool install MLNetHyper.Cli --version "$version" --tool-path "$fresh/tool" --source "$packages"
  printed=$("$fresh/tool/onepass" --version)
  printf 'onepass %s\n' "$printed"
  # Behind the version may stand + and the commit.
  [[ $printed == "$version"* ]] || fail "onepass --version should have printed $version."
  if [[ ${WithMLNet-} != false ]]; then
    "$fresh/tool/onepass" train --data samples/data/energy.csv --label y --steps 20 --model "$fresh/energy.model" > /dev/null
    "$fresh/tool/onepass" export --model "$fresh/energy.model" --mlnet "$fresh/energy.zip"
  fi
}

verb=${1:-help}
if (( $# > 0 )); then shift; fi
case $verb in
  demo)  require_sdk; demo ;;
  test)  require_sdk; run_tests "$@" ;;
  restore) require_sdk; restore; exit $(( failed > 0 )) ;;
  bench) require_sdk; bench "$@" ;;
  docs)  require_sdk; docs ;;
  pack)  require_sdk; pack ;;
  help | --help | -h) usage ;;
  *) usage >&2; fail "There is no verb $verb." ;;
esac
