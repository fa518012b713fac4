using static MLNetHyper.Engine.Tests.OnePassRuns;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class WarmStartTests
{
    private static readonly PreparedData<float> _data = DataPreparation.Prepare<float>(TrainingTables.Create(LearningTask.Regression), TrainingTables.Options);

    private static readonly Architecture _shape = Tasks.Architecture(_data.Target, _data.Features.FeatureCount, [6], Activation.Relu);

    [TestMethod]
    public void The_seed_s_own_weights_change_nothing()
    {
        NetworkObjective<float> objective = new(_shape);
        DenseVector<float> weights = objective.CreateVector();
        objective.Initialize(weights, 0);
        foreach (OnePassOptions options in (OnePassOptions[])[Small, Small with { RetrainOnAll = true }])
            AreSame(OnePass.Train(_data, options), OnePass.Train(_data, options with { InitialWeights = NetworkTestData.Values(weights) }));
    }

    [TestMethod]
    public void Training_goes_on_from_trained_weights()
    {
        LoopResult<DenseVector<float>> first = OnePass.Train(_shape, _data.Train, _data.Validation, Small);
        LoopResult<DenseVector<float>> second = OnePass.Train(_shape, _data.Train, _data.Validation, Small with { Steps = 10, InitialWeights = NetworkTestData.Values(first.Weights) });
        Assert.IsLessThan(0.2 * first.Trajectory.ValidationLosses[0], second.Trajectory.ValidationLosses[0]);
    }

    [TestMethod]
    public void Retraining_starts_from_them_too()
    {
        // Without steps to speak of, both trainings stay where they started.
        double[] weights = [.. Enumerable.Range(0, new NetworkShape(_shape).Length).Select(i => 1e-3 * i)];
        OnePassOptions options = Small with { Steps = 10, InitialWeights = weights, RetrainOnAll = true, Method = new Fixed(), Initial = new Dictionary<string, double> { [Hyperparameter.LearningRate] = 1e-7 } };
        LoopResult<DenseVector<float>> result = OnePass.Train(_shape, _data.Train, _data.Validation, options);
        for (int i = 0; i < weights.Length; i++)
            Assert.AreEqual(weights[i], result.Weights.Span[i], 1e-4);
    }

    [TestMethod]
    public void Weights_of_another_shape_or_beyond_float_are_refused()
    {
        int length = new NetworkShape(_shape).Length;
        Assert.Contains($"initial weights are 3 numbers, but the model has {length} weights. Warm starts need a model of the same shape", Refused([1, 2, 3]));
        Assert.Contains("must all be finite", Refused([.. Enumerable.Repeat(1e300, length)]));
    }

    private static string Refused(double[] weights) => Assert.ThrowsExactly<ArgumentException>(() => OnePass.Train(_data, Small with { InitialWeights = weights })).Message;
}
