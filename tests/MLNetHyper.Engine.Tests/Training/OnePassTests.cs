using System.Numerics;
using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

/// <summary>From a table to a model: every task by every method.</summary>
[TestClass]
public sealed class OnePassTests
{
    private static IEnumerable<object[]> AllTasks => EveryTask;

    private static IEnumerable<object[]> Everything => EveryTaskAndMethod;

    private static IEnumerable<object[]> OnePasses => EveryTaskAndOnePass;

    [TestMethod]
    [DynamicData(nameof(Everything))]
    public void Every_method_beats_a_constant_guess(LearningTask task, string method)
    {
        OnePassResult result = Train(task, Small with { Method = HypergradientMethods.Create(method) });
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.AreEqual(200, result.Steps);
        Assert.IsEmpty(result.Warnings);
        IsUsable(result, TrainingTables.Create(task));
        PreparedData<float> data = DataPreparation.Prepare<float>(TrainingTables.Create(task), TrainingTables.Options);
        Metrics guess = Evaluation.MeanPredictor(data, data.Test!);
        Assert.IsLessThan(0.8 * guess.Error, result.Test!.Error);
        // The model sees raw columns, training standardized ones: the same errors but for rounding.
        Assert.AreEqual(result.Train.Rows + result.Validation.Rows + result.Test.Rows, result.Model.Evaluate(TrainingTables.Create(task)).Rows);
    }

    [TestMethod]
    [DynamicData(nameof(OnePasses))]
    public void Every_method_learns_in_either_precision(LearningTask task, string method)
    {
        LearnsAs<float>(task, method);
        LearnsAs<double>(task, method);
    }

    [TestMethod]
    [DynamicData(nameof(OnePasses))]
    public void What_is_tuned_is_what_the_method_tunes_and_it_moves(LearningTask task, string method)
    {
        HypergradientMethod created = HypergradientMethods.Create(method);
        OnePassResult result = Train(task, Small with { Method = created, Steps = 50 });
        string[] all = [.. new SgdUpdate().Hyperparameters.Select(h => h.Name)];
        CollectionAssert.AreEqual(all.Where(name => created.Tunes?.Contains(name) ?? true).ToArray(), result.TunedHyperparameters.ToArray());
        foreach (string name in all)
        {
            double[] values = [.. result.Trajectory.Values(name)];
            Assert.HasCount(5, values);
            Assert.AreEqual(result.TunedHyperparameters.Contains(name), values[^1] != values[0], name);
            Assert.AreEqual(values[^1], result.FinalHyperparameters[name]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void The_model_makes_the_errors_that_the_result_reports(LearningTask task)
    {
        Table table = TrainingTables.Create(task);
        PreparedData<float> data = DataPreparation.Prepare<float>(table, TrainingTables.Options);
        OnePassResult result = OnePass.Train(data, Small);
        foreach ((Metrics reported, IReadOnlyList<int> rows) in new[] { (result.Train, data.TrainRows), (result.Validation, data.ValidationRows), (result.Test!, data.TestRows) })
        {
            Metrics own = result.Model.Evaluate(table.Select([.. rows]));
            Assert.AreEqual(reported.Rows, own.Rows);
            // Training is in float32, with features in other units.
            Assert.AreEqual(reported.Error, own.Error, 1e-4 * own.Error);
            Assert.AreEqual(reported.Accuracy, own.Accuracy);
        }
        OnePassRuns.AreSame(result, OnePass.Train(table, TrainingTables.Options, Small));
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void Without_hidden_layers_the_model_is_linear(LearningTask task)
    {
        OnePassResult result = Train(task, Small with { HiddenLayers = [] });
        IsUsable(result, TrainingTables.Create(task));
        Assert.HasCount(result.Model.Architecture.Outputs * (result.Model.Features.FeatureCount + 1), result.Model.Network.Weights[0].ToArray());
        // The label of the regression task is a linear function.
        if (task == LearningTask.Regression)
            Assert.IsGreaterThan(0.999, result.Test!.R2!.Value);
    }

    private static void LearnsAs<T>(LearningTask task, string method) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PreparedData<T> data = DataPreparation.Prepare<T>(TrainingTables.Create(task), TrainingTables.Options);
        HypergradientMethod created = HypergradientMethods.Create(method);
        var objective = new NetworkObjective<T>(Tasks.Architecture(data.Target, data.Train.FeatureCount, [6], Activation.Tanh));
        LoopOptions options = new() { Method = created, Hyperparameters = (Small with { Method = created }).Hyperparameters(), Steps = 100 };
        LoopResult<DenseVector<T>> result = new OnePassLoop<DenseVector<T>>(
            objective,
            objective.CreateBatchSource(data.Train, data.Train.Count, 0, options.TuningInterval + 1),
            objective.CreateBatchSource(data.Validation, data.Validation.Count, 0, 2),
            options).Run();
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        Assert.IsTrue(result.Weights.IsFinite() && result.FinalWeights.IsFinite());
        Assert.IsLessThan(0.8 * result.Trajectory.ValidationLosses[0], result.BestValidationLoss);
    }
}
