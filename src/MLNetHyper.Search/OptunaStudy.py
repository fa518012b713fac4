"""Conducts one search with Optuna for OptunaStudy.cs: a JSON value a line, in and out."""
import json
import sys
import warnings

try:
    import optuna
except ImportError as fault:
    print(json.dumps({"fault": str(fault)}), flush=True)
    sys.exit()

# Optuna calls experimental what it has had for years.
warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

setup = json.loads(sys.stdin.readline())
names = setup["names"]
halving = optuna.pruners.HyperbandPruner(min_resource=1, max_resource=setup["whole"], reduction_factor=setup["reduction"])
study = optuna.create_study(
    # Brackets are drawn from the name.
    study_name="search",
    sampler=optuna.samplers.TPESampler(seed=setup["seed"], n_startup_trials=setup["startup"], multivariate=setup["multivariate"]),
    pruner=halving if setup["whole"] > 1 else optuna.pruners.NopPruner())
study.enqueue_trial(dict(zip(names, setup["start"])))
print(json.dumps({"version": optuna.__version__}), flush=True)

trial = None
for line in sys.stdin:
    request = json.loads(line)
    answer = {}
    if request["what"] == "ask":
        trial = study.ask()
        answer["at"] = [trial.suggest_float(name, 0, 1) for name in names]
    elif request["what"] == "report":
        trial.report(request["loss"], request["resource"])
        answer["pruned"] = trial.should_prune()
        if answer["pruned"]:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    else:
        study.tell(trial, request["loss"])
    print(json.dumps(answer), flush=True)
