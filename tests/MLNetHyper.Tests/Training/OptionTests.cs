using Microsoft.ML;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Training;

/// <summary>Options that make no sense are refused when the trainer is made, in words that say what to do.</summary>
[TestClass]
public sealed class OptionTests
{
    public static IEnumerable<object[]> Refused =>
    [
        ["ValidationFraction", (Action<OnePassSgdOptions>)(o => o.ValidationFraction = 0)],
        ["ValidationFraction", (Action<OnePassSgdOptions>)(o => o.ValidationFraction = double.NaN)],
        ["at least one step", (Action<OnePassSgdOptions>)(o => o.NumberOfSteps = 0)],
        ["not both", (Action<OnePassSgdOptions>)(o => o.NumberOfEpochs = 3)],
        ["time budget", (Action<OnePassSgdOptions>)(o => o.TimeBudget = TimeSpan.Zero)],
        ["patience", (Action<OnePassSgdOptions>)(o => o.EarlyStoppingSteps = 0)],
        ["unit", (Action<OnePassSgdOptions>)(o => o.HiddenLayers = [50, 0])],
        ["batch", (Action<OnePassSgdOptions>)(o => o.BatchSize = 0)],
        ["thread", (Action<OnePassSgdOptions>)(o => o.NumberOfThreads = 0)],
        ["'lr'", (Action<OnePassSgdOptions>)(o => o.InitialLearningRate = -1)],
        ["'momentum'", (Action<OnePassSgdOptions>)(o => o.InitialMomentum = 1.5)],
        ["'wd'", (Action<OnePassSgdOptions>)(o => o.InitialWeightDecay = double.NaN)],
        ["activation", (Action<OnePassSgdOptions>)(o => o.Activation = (Activation)99)],
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
        var rule = new SgdUpdate();
        double Initial(string name) => rule.Hyperparameters.Single(h => h.Name == name).Initial;
        Assert.AreEqual(NetworkTrainerOptions.Defaults.LearningRate, Initial(Hyperparameter.LearningRate));
        Assert.AreEqual(NetworkTrainerOptions.Defaults.Momentum, Initial(Hyperparameter.Momentum));
        Assert.AreEqual(NetworkTrainerOptions.Defaults.WeightDecay, Initial(Hyperparameter.WeightDecay));
        OnePassOptions engine = new();
        var ours = new OnePassSgdRegressionTrainer.Options();
        Assert.AreEqual(engine.Method.Name, ours.Method.Name);
        Assert.AreEqual(engine.Interval, ours.TuningInterval);
        Assert.AreEqual(engine.MetaOptimizer.MetaLearningRate, ours.MetaOptimizer.MetaLearningRate);
        CollectionAssert.AreEqual(engine.Hidden.ToArray(), ours.HiddenLayers.ToArray());
    }

    [TestMethod]
    public void The_short_overloads_set_what_they_name()
    {
        MLContext ml = TaskCase.Context;
        TrainingRecord fixedSgd = ml.Regression.Trainers.FixedSgd("Number", hiddenLayers: [3], learningRate: 0.02, momentum: 0.5, weightDecay: 0, numberOfSteps: 20).Fit(TaskCase.Data).Model.Training;
        Assert.AreEqual((20L, 0.02, 0.5, 0.0), (fixedSgd.Steps, Math.Round(fixedSgd.FinalHyperparameters["lr"], 12), Math.Round(fixedSgd.FinalHyperparameters["momentum"], 12), fixedSgd.FinalHyperparameters["wd"]));
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
                ITransformer model = task.Fit(o => (o.Method, o.NumberOfSteps) = (HypergradientMethods.Create(method.Name), 200));
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
            o => o.RetrainOnAllRows = true,
        })
        {
            double error = task.Error(task.Fit(change).Transform(TaskCase.Data));
            Assert.IsLessThan(0.45, error);
        }
    }
}
