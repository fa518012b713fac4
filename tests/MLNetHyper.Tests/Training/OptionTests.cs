using Microsoft.ML;
using MLNetHyper.Engine;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Tests.Training;

/// <summary>Options that make no sense are refused when the trainer is made, in words that say what to do.</summary>
[TestClass]
public sealed class OptionTests
{
    public static IEnumerable<object[]> Refused =>
    [
        ["ValidationFraction", (Action<OnePassSgdOptions>)(o => o.ValidationFraction = 0)],
        ["ValidationFraction", (Action<OnePassSgdOptions>)(o => o.ValidationFraction = double.NaN)],
        ["not both", (Action<OnePassSgdOptions>)(o => o.Epochs = 3)],
        ["'lr'", (Action<OnePassSgdOptions>)(o => o.InitialLearningRate = -1)],
        ["'beta1'", (Action<OnePassSgdOptions>)(o => o.InitialMomentum = 1.5)],
        ["'wd'", (Action<OnePassSgdOptions>)(o => o.InitialWeightDecay = double.NaN)],
        ["MemoryLimit", (Action<OnePassSgdOptions>)(o => o.MemoryLimit = 1000)],
        ["name", (Action<OnePassSgdOptions>)(o => o.FeatureColumnName = " ")],
    ];

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void An_option_outside_its_range_is_refused_by_name(string word, Action<OnePassSgdOptions> change)
    {
        foreach (TaskCase task in TaskCase.All)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => task.OnePassSgd(TaskCase.Context, change));
            StringAssert.Contains(error.Message, word, StringComparison.OrdinalIgnoreCase);
        }
    }

    [TestMethod]
    public void Defaults_are_the_engines()
    {
        // All processors, as trainers of ML.NET do; and names without values are no names.
        OnePassOptions ours = new OnePassSgdRegressionTrainer.Options().ToEngine(0) with { Initial = null };
        Assert.AreEqual(OptionExample.Describe(new OnePassOptions()), OptionExample.Describe(ours));
        Assert.AreEqual(OptionExample.Describe(new OnePassOptions { Method = new Fixed() }), OptionExample.Describe(new FixedSgdRegressionTrainer.Options().ToEngine(0) with { Initial = null }));
    }

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void Every_option_of_the_engine_is_set_and_refused_as_there(string name)
    {
        (TrainingOption option, OptionExample example) = OptionExample.Of(name);
        // Settings of a method are given where it is made.
        if (option.PartOf is not null)
            return;
        var options = new OnePassSgdRegressionTrainer.Options();
        Set(options, name, example.Value);
        Assert.AreEqual(OptionExample.Describe(example.Value), OptionExample.Describe(option.Value(options.ToEngine(options.Seed ?? 0))));
        options.Check();
        if (example.Wrong is not { } wrong)
            return;
        Set(options, name, wrong);
        Assert.AreEqual(Assert.Throws<ArgumentException>(option.With(new(), wrong).Check).Message, Assert.Throws<ArgumentException>(() => TaskCase.Context.Regression.Trainers.OnePassSgd(options)).Message);
    }

    [TestMethod]
    public void Another_rule_has_its_own_hyperparameters()
    {
        TaskCase task = TaskCase.All[0];
        TrainingRecord training = TaskCase.Inside(task.Fit(o =>
        {
            (o.Rule, o.InitialLearningRate, o.TuneWeightDecay) = (new AdamUpdate(decoupled: false), 0.02, false);
            (o.Initial["beta1"], o.Tune["beta1"]) = (0.8, true);
        })).Training;
        CollectionAssert.AreEquivalent(new[] { "lr", "beta1" }, training.TunedHyperparameters.ToArray());
        Assert.AreEqual((0.02, 0.8, 0.95), (training.InitialHyperparameters["lr"], training.InitialHyperparameters["beta1"], training.InitialHyperparameters["beta2"]));
        TrainingRecord untuned = TaskCase.Inside(task.FixedSgd(TaskCase.Context, o => (o.Rule, o.LearningRate, o.LearningRateSchedule, o.Steps) = (new SgdUpdate(), 0.02, LearningRateSchedule.Constant, 100)).Fit(TaskCase.Data)).Training;
        Assert.AreEqual(0.02, untuned.FinalHyperparameters["lr"], 1e-9);
        // What is momentum to SGD is the first beta to Adam, in whichever order they are set.
        TrainingRecord momentum = TaskCase.Inside(task.Fit(o => (o.InitialMomentum, o.TuneMomentum, o.Rule, o.Steps) = (0.7, true, new AdamUpdate(), 20))).Training;
        Assert.AreEqual(0.7, momentum.InitialHyperparameters["beta1"]);
        CollectionAssert.AreEquivalent(new[] { "lr", "wd", "beta1" }, momentum.TunedHyperparameters.ToArray());
        foreach (string rule in new[] { "prodigy", "schedule-free-adamw", "mechanic-adamw" })
            Assert.AreEqual(0.7, TaskCase.Inside(task.Fit(o => (o.InitialMomentum, o.Rule, o.Steps) = (0.7, UpdateRules.Create(rule), 10))).Training.InitialHyperparameters["beta1"], rule);
    }

    [TestMethod]
    public void The_short_overloads_set_what_they_name()
    {
        MLContext ml = TaskCase.Context;
        TrainingRecord fixedSgd = ml.Regression.Trainers.FixedSgd("Number", hiddenLayers: [3], learningRate: 0.02, momentum: 0.5, weightDecay: 0, steps: 20).Fit(TaskCase.Data).Model.Training;
        Assert.AreEqual((20L, 0.02, 0.5, 0.0), (fixedSgd.Steps, fixedSgd.InitialHyperparameters["lr"], Math.Round(fixedSgd.FinalHyperparameters["beta1"], 12), fixedSgd.FinalHyperparameters["wd"]));
        NetworkMulticlassModelParameters multiclass = ml.MulticlassClassification.Trainers.OnePassSgd("Kind", "Features", "Weight", [7, 5], 30, 0.25).Fit(TaskCase.Data).Model;
        CollectionAssert.AreEqual(new[] { 7, 5 }, multiclass.Network.Architecture.Hidden.ToArray());
        Assert.AreEqual((30L, 300L, 100L, 3), (multiclass.Training.Steps, multiclass.Training.TrainingRows, multiclass.Training.ValidationRows, multiclass.Network.Architecture.Outputs));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void What_is_not_to_be_tuned_stays(TaskCase task)
    {
        TrainingRecord training = TaskCase.Inside(task.Fit(o => (o.TuneMomentum, o.TuneWeightDecay, o.InitialWeightDecay) = (false, false, 1e-3))).Training;
        CollectionAssert.AreEqual(new[] { "lr" }, training.TunedHyperparameters.ToArray());
        Assert.AreEqual(1e-3, training.FinalHyperparameters["wd"], 1e-12);
        Assert.AreNotEqual(training.InitialHyperparameters["lr"], training.FinalHyperparameters["lr"]);
    }

    [TestMethod]
    public void Every_method_trains_every_task()
    {
        foreach (NamedChoice method in HypergradientMethods.All)
        {
            foreach (TaskCase task in TaskCase.All)
            {
                ITransformer model = task.Fit(o => (o.Method, o.Rule, o.Steps) = (HypergradientMethods.Create(method.Name), new SgdUpdate(), 60));
                Assert.IsTrue(task.Scores(model).All(float.IsFinite), $"{method.Name}, {task}");
                Assert.AreEqual(method.Name, TaskCase.Inside(model).Training.Method);
            }
        }
    }

    [TestMethod]
    public void Finer_learning_rates_and_other_networks_train()
    {
        TaskCase task = TaskCase.All[0];
        foreach (Action<OnePassSgdOptions> change in new Action<OnePassSgdOptions>[]
        {
            o => o.LearningRateGranularity = Granularity.PerTensor,
            o => o.LearningRateGranularity = Granularity.PerWeight,
            o => o.WeightDecayGranularity = Granularity.PerTensor,
            o => o.HiddenLayers = [],
            o => (o.HiddenLayers, o.Activation) = ([8, 8, 8], Activation.Tanh),
            o => (o.HiddenLayers, o.Activation) = ([16], Activation.Gelu),
            o => o.BatchSize = 32,
            o => o.Standardize = false,
            o => o.RetrainOnAll = true,
        })
        {
            double error = task.Error(task.Fit(change).Transform(TaskCase.Data));
            Assert.IsLessThan(0.45, error);
        }
    }

    private static void Set(OnePassSgdOptions options, string name, object value)
    {
        switch (name)
        {
            case nameof(OnePassSgdOptions.Initial):
                foreach ((string hyperparameter, double initial) in (Dictionary<string, double>)value)
                    options.Initial[hyperparameter] = initial;
                break;
            case nameof(OnePassSgdOptions.Tune):
                foreach (Hyperparameter hyperparameter in options.Rule.Hyperparameters)
                    options.Tune[hyperparameter.Name] = ((string[])value).Contains(hyperparameter.Name);
                break;
            default:
                // Threads are called as in other trainers of ML.NET.
                typeof(OnePassSgdOptions).GetProperty(name == nameof(OnePassOptions.Threads) ? nameof(OnePassSgdOptions.NumberOfThreads) : name)!.SetValue(options, value);
                break;
        }
    }
}
