using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.OutsideTests;

/// <summary>This project sees no internals of ours. What it can do, any third party can.</summary>
[TestClass]
public sealed class ThirdPartyTests
{
    [TestMethod]
    public void A_strangers_trainer_tunes_its_hyperparameters_in_a_pipeline()
    {
        var context = new MLContext(1);
        var random = new Random(1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 500).Select(_ =>
        {
            float a = random.NextSingle() - 0.5f, b = random.NextSingle() - 0.5f;
            return new Visits { A = a, B = b, Count = (float)Math.Round(Math.Exp(1 + (2 * a) - b)) };
        }).ToArray());
        var trainer = new PoissonTrainer(context, nameof(Visits.Count), "Features");
        TransformerChain<ITransformer> model = context.Transforms.Concatenate("Features", nameof(Visits.A), nameof(Visits.B)).Append(trainer).Fit(data);

        RegressionMetrics metrics = context.Regression.Evaluate(model.Transform(data), nameof(Visits.Count));
        Assert.IsGreaterThan(0.9, metrics.RSquared);
        LoopResult<DenseVector<double>> result = trainer.Result!;
        Assert.AreEqual(TrainingStatus.Completed, result.Status);
        foreach (string name in result.Trajectory.Names)
            Assert.AreNotEqual(result.Trajectory.Values(name)[0], result.Trajectory.Values(name)[^1], name);
    }

    private sealed class Visits
    {
        public float A { get; set; }

        public float B { get; set; }

        public float Count { get; set; }
    }
}
