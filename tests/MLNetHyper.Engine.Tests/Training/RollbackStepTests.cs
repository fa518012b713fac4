namespace MLNetHyper.Engine.Tests;

/// <summary>Where a run went back is told from its trajectory, which is what a model's file has of it.</summary>
[TestClass]
public sealed class RollbackStepTests
{
    private static readonly Architecture _architecture = NetworkTestData.Shape(4, [6]);
    private static readonly Examples<float> _training = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 80, 1)), _validation = NetworkTestData.Single(NetworkTestData.Draw(_architecture, 20, 2));

    [TestMethod]
    [DataRow(0.01, 0)]
    [DataRow(40, 1)]
    public void As_many_windows_were_undone_as_there_were_rollbacks(double rate, int least)
    {
        OnePassOptions options = OnePassOptions.Published with { Steps = 300, Initial = new Dictionary<string, double> { ["lr"] = rate }, Tune = ["wd"] };
        LoopResult<DenseVector<float>> run = OnePass.Train(_architecture, _training, _validation, options);
        Assert.IsGreaterThanOrEqualTo(least, run.Rollbacks);
        Assert.HasCount(run.Rollbacks, run.Trajectory.RollbackSteps);
        Assert.IsEmpty(OnePass.Train(_architecture, _training, null, options with { Method = new Fixed(), Tune = [] }).Trajectory.RollbackSteps);
    }
}
