#!/usr/bin/env bash
# Writes every table of measurements in this folder again. Takes more than an hour on two cores; let the machine rest.
# A first argument runs only the tables whose names begin with it, such as: docs/results/measure.sh compare
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

wanted=${1:-}
# On an older Linux TorchSharp's library loads as a patched copy only (docs/devices.md).
export MLNETHYPER_TORCH_PATCHED_COPY=1
dotnet build src/MLNetHyper.Cli -c Release --nologo -v q -tl:off
dotnet build samples/MethodComparison -c Release --nologo -v q -tl:off

onepass() { dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll "$@"; }
methods() { dotnet artifacts/bin/MethodComparison/release/MethodComparison.dll "$@"; }

# Writes the output of a command to a table, all of it or nothing.
table() {
  local name=$1
  shift
  if [[ $name != "$wanted"* ]]; then return; fi
  printf '%s\n' "$name"
  "$@" > "docs/results/$name.md.tmp"
  mv "docs/results/$name.md.tmp" "docs/results/$name.md"
}

table speed onepass speed --markdown
for set in energy kin8nm power naval; do
  table "methods-$set" methods "samples/data/$set.csv" y 10
  table "methods-$set-drawn" methods "samples/data/$set.csv" y 10 --random-initial
done
for set in energy kin8nm power naval; do
  table "compare-$set" onepass compare --data "samples/data/$set.csv" --label y --quick --repeats 10 --markdown
  table "compare-$set-drawn" onepass compare --data "samples/data/$set.csv" --label y --quick --repeats 10 --random-initial --markdown
done
# Where a Python has Optuna.
table optuna-energy onepass compare --data samples/data/energy.csv --label y --searches random,tpe,bohb --markdown
table optuna-energy-drawn onepass compare --data samples/data/energy.csv --label y --searches random,tpe,bohb --random-initial --markdown
table optuna-kin8nm-drawn onepass compare --data samples/data/kin8nm.csv --label y --repeats 5 --multiples 1,10,30 --searches random,tpe,bohb --random-initial --markdown
# A folder with the tables that docs/results/README.md names, and those of samples/data.
suite=${SUITE_FOLDER:-}
if [[ -d $suite ]]; then
  table suite onepass suite --data "$suite" --markdown
  table suite-mixture onepass suite --data "$suite" --tables abalone,airfoil,attrition,autompg,digits,energy,kin8nm,phoneme,pima,satellite,spam,tumours --contestants one-pass,untuned,tuned-mixture,tuned-mixture-per-tensor --divisions 3 --markdown
  table suite-starts onepass suite --data "$suite" --tables energy,airfoil,abalone,pima,attrition,autompg,tumours,phoneme --divisions 20 --contestants one-pass,started-high,started-low --markdown
  table suite-schedules onepass suite --data "$suite" --tables energy,airfoil,abalone,pima,attrition,autompg,tumours,phoneme --divisions 3 \
    --contestants one-pass,untuned,cosine-adamw,one-cycle-adamw,reduce-on-plateau-adamw,cosine-sgd,one-cycle-sgd,reduce-on-plateau-sgd,schedule-free-adamw,schedule-free-sgd --markdown
  table suite-ablation onepass suite --data "$suite" --divisions 2 --contestants one-pass,untuned,without-bins,without-members,without-schedule,without-averaging,tuned-sgd --markdown
  table suite-rules onepass suite --data "$suite" --divisions 2 \
    --contestants one-pass,untuned,prodigy,dadapt-adam,dadapt-sgd,dog,mechanic-sgd,mechanic-adamw,schedule-free-sgd,schedule-free-adamw --markdown
fi
# A schedule learned in ten passes, beside one pass and restarts at equal cost: on four tables and, where Debian's package
# dataset-fashion-mnist is installed, the first 10000 images of Fashion-MNIST.
fashion=/usr/share/datasets/fashion-mnist
passes=$(mktemp -d)
trap 'rm -rf "$passes"' EXIT
cp samples/data/{energy,kin8nm,power,tumours}.csv "$passes"
if [[ -d $fashion ]]; then
  python3 - "$fashion" > "$passes/fashion.csv" << 'PYTHON'
import gzip, sys
pixels, labels = (gzip.open(f'{sys.argv[1]}/train-{part}-ubyte.gz').read()[header:] for part, header in (('images-idx3', 16), ('labels-idx1', 8)))
print(','.join(f'p{i}' for i in range(784)) + ',y')
for row in range(10000):
    print(','.join(map(str, pixels[784 * row:784 * row + 784])) + f',class{labels[row]}')
PYTHON
fi
table suite-passes onepass suite --data "$passes" --rule sgd --members 1 --steps 500 --divisions 3 --contestants fds,augmented-neumann,untuned,best-of-k,average-of-k --markdown
for set in energy kin8nm power; do
  table "reproduce-$set" onepass reproduce --dataset "$set" --markdown
done
scheduled=random-scheduled,wd-lr-m-scheduled,augmented-scheduled
for set in energy kin8nm power; do
  table "scheduled-$set" onepass reproduce --dataset "$set" --methods "$scheduled" --markdown
done

if [[ -d $fashion ]]; then
  ln -sfn "$fashion" fashion-mnist
  table reproduce-fashion-mnist onepass reproduce --dataset fashion-mnist --data-folder fashion-mnist --markdown
  table scheduled-fashion-mnist onepass reproduce --dataset fashion-mnist --data-folder fashion-mnist --methods "$scheduled" --markdown
  rm fashion-mnist
fi

# Large tables: steps with rows on the disk, and how costs grow.
dotnet build tests/TableMeasurements -c Release --nologo -v q -tl:off
tables() { dotnet artifacts/bin/TableMeasurements/release/TableMeasurements.dll "$@"; }
table tables-streamed tables streamed
table tables-curves tables curves
table tables-threads tables threads

# Workers on MPI, where the feeds carry MPI.NET; the speed-up where MPICH's mpiexec is too.
if dotnet build tests/WorkerMeasurements -c Release --nologo -v q -tl:off; then
  workers() { dotnet artifacts/bin/WorkerMeasurements/release/WorkerMeasurements.dll "$@"; }
  clothing=$([[ -d $fashion ]] && printf %s "$fashion")
  table workers-intervals workers intervals $clothing
  table workers-simulation workers simulation
  if command -v mpiexec > /dev/null; then table workers-speed-up workers speed-up $clothing; fi
fi

# The ML.NET trainers, where the feeds carry Microsoft.ML.
if dotnet build tests/MLNetMeasurements -c Release --nologo -v q -tl:off; then
  mlnet() { dotnet artifacts/bin/MLNetMeasurements/release/MLNetMeasurements.dll "$@"; }
  table mlnet-engine mlnet engine energy kin8nm power naval
  table mlnet-trainers mlnet trainers energy kin8nm power naval
  if [[ -d $suite ]]; then
    table suite-trees mlnet suite "$suite" 5
  fi
fi

# Against the tuners of ML.NET AutoML, where the feeds carry Microsoft.ML.AutoML.
if dotnet build tests/AutoMLMeasurements -c Release --nologo -v q -tl:off; then
  for set in energy kin8nm power naval tumours digits; do
    table "mlnet-automl-$set" dotnet artifacts/bin/AutoMLMeasurements/release/AutoMLMeasurements.dll "$set"
  done
  # Ten times one pass's seconds for every table and division: hours.
  if [[ -d $suite && $wanted == suite-automl ]]; then
    table suite-automl dotnet artifacts/bin/AutoMLMeasurements/release/AutoMLMeasurements.dll suite "$suite" 2
  fi
fi

# The TorchSharp engine, where the feeds carry it. For a GPU, give the build -p:TorchPackage=TorchSharp-cuda-linux.
if dotnet build tests/TorchMeasurements -c Release --nologo -v q -tl:off; then
  torch() { dotnet artifacts/bin/TorchMeasurements/release/TorchMeasurements.dll "$@" 2> /dev/null; }
  table torch-ratios torch ratios
  table torch-crossover torch crossover
  table torch-population torch population
  table torch-recipe torch recipe
  table torch-millions torch millions
  if [[ -d $fashion ]]; then
    table torch-objectives torch objectives "$fashion"
    table torch-self-tuning torch self-tuning "$fashion"
  fi
fi
