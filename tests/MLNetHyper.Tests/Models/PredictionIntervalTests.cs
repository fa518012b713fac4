using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Models;

[TestClass]
public sealed class PredictionIntervalTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    public void Columns_stand_around_the_score_hold_their_share_and_are_saved()
    {
        IDataView noisy = Noisy(600, seed: 1), fresh = Noisy(1000, seed: 2);
        var model = _ml.Regression.Trainers.OnePassSgd("Number").Fit(noisy);
        ITransformer with = model.Append(_ml.Transforms.PredictionInterval(model.Model, 0.8).Fit(model.Transform(noisy)));
        using var file = new MemoryStream();
        _ml.Model.Save(with, noisy.Schema, file);
        file.Position = 0;
        IDataView scored = new MLContext().Model.Load(file, out _).Transform(fresh);
        float[] score = [.. scored.GetColumn<float>("Score")], lower = [.. scored.GetColumn<float>("ScoreLower")], upper = [.. scored.GetColumn<float>("ScoreUpper")], label = [.. scored.GetColumn<float>("Number")];
        float half = (float)model.Model.IntervalHalfWidth(0.8)!.Value;
        int held = 0;
        for (int i = 0; i < score.Length; i++)
        {
            Assert.AreEqual(score[i] - half, lower[i], 1e-5f);
            Assert.AreEqual(score[i] + half, upper[i], 1e-5f);
            held += label[i] >= lower[i] && label[i] <= upper[i] ? 1 : 0;
        }
        Assert.IsInRange(740, 900, held);
    }

    [TestMethod]
    public void What_cannot_be_given_is_said()
    {
        var model = _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", Steps = 20 }).Fit(TaskCase.Data).Model;
        Assert.Contains("ask for a smaller share", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.PredictionInterval(model, 0.9999)).Message);
        foreach (double share in new[] { 0, 1, double.NaN })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.PredictionInterval(model, share));
    }

    private static IDataView Noisy(int rows, int seed)
    {
        var random = new Random(seed);
        TaskCase.Example[] drawn = [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float a = random.NextSingle(), b = random.NextSingle();
            return new TaskCase.Example { Features = [a, b], Number = a + b + (random.NextSingle() * 0.5f) };
        })];
        return _ml.Data.LoadFromEnumerable(drawn);
    }
}
